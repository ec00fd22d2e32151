package e2e

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	calendarv1 "github.com/kakaorpc/kakaorpc/gen/kakao/calendar/v1"
)

const taskService = "kakao.calendar.v1.TaskService."

// task is one task of mina's.
func (s *story) task(id string) *calendarv1.Task {
	s.t.Helper()
	tasks := must(s, taskService+"GetTask", &calendarv1.GetTaskRequest{TaskId: id}, &calendarv1.GetTaskResponse{}).GetTasks()
	if len(tasks) != 1 || tasks[0].GetId() != id {
		s.t.Fatalf("the task %s: %v", id, tasks)
	}
	return tasks[0]
}

// tasks lists the IDs of a request's tasks.
func (s *story) tasks(request *calendarv1.ListTasksRequest) []string {
	s.t.Helper()
	var ids []string
	for _, task := range must(s, taskService+"ListTasks", request, &calendarv1.ListTasksResponse{}).GetTasks() {
		ids = append(ids, task.GetId())
	}
	return ids
}

// TestTaskStory: a challenge from its creation to its record, and a plain task
// beside it.
func TestTaskStory(t *testing.T) {
	tell(t, func(s *story) {
		s.who.Token = s.tokenOf("mina")
		// Ten days from now, so that no midnight comes in between.
		first := time.Now().UTC().AddDate(0, 0, 10)
		day := func(n int) string { return first.AddDate(0, 0, n).Format("20060102") }

		challenge := must(s, taskService+"CreateTask", &calendarv1.CreateTaskRequest{Task: &calendarv1.TaskCreate{
			Content: "열 쪽 읽기",
			DueInfo: &calendarv1.TaskDueInput{
				DueDate: day(0), AlarmTime: proto.String("2100"),
				Recur: &calendarv1.TaskRecurrenceInput{Rrule: "FREQ=DAILY;UNTIL=" + day(20) + "T000000Z", RecordOn: proto.Bool(true)},
			},
		}}, &calendarv1.CreateTaskResponse{}).GetTaskId()
		plain := must(s, taskService+"CreateTask", &calendarv1.CreateTaskRequest{Task: &calendarv1.TaskCreate{Content: "우산 말리기"}},
			&calendarv1.CreateTaskResponse{}).GetTaskId()
		if due := s.task(challenge).GetDueInfo(); due.GetDueDate() != day(0) || due.GetAlarmTime() != "2100" || !due.GetRecur().GetRecordOn() {
			s.t.Errorf("the challenge is due %v", due)
		}
		if s.task(plain).DueInfo != nil {
			s.t.Error("a task without a due date has one")
		}

		// Editing, and finding what was edited.
		window := func(status calendarv1.TaskStatus, filter ...calendarv1.TaskFilter) *calendarv1.ListTasksRequest {
			return &calendarv1.ListTasksRequest{From: day(0), To: day(31), TaskStatus: status, TaskFilter: filter}
		}
		todo, completed := calendarv1.TaskStatus_TASK_STATUS_TODO, calendarv1.TaskStatus_TASK_STATUS_COMPLETED
		must(s, taskService+"UpdateTask", &calendarv1.UpdateTaskRequest{TaskId: plain, Task: &calendarv1.TaskUpdate{
			Content: "우산 셋 말리기", Bookmark: proto.Bool(true),
		}}, &calendarv1.UpdateTaskResponse{})
		bookmarked := s.tasks(window(todo, calendarv1.TaskFilter_TASK_FILTER_AUTHORIZED, calendarv1.TaskFilter_TASK_FILTER_BOOKMARK))
		if !slices.Contains(bookmarked, plain) || slices.Contains(bookmarked, challenge) {
			s.t.Errorf("bookmarked: %v, of %s and %s", bookmarked, plain, challenge)
		}

		// Done: first both, then the plain one not after all.
		for _, id := range []string{challenge, plain} {
			must(s, taskService+"CompleteTask", &calendarv1.CompleteTaskRequest{TaskId: id, Complete: proto.Bool(true)}, &calendarv1.CompleteTaskResponse{})
		}
		if done := s.tasks(window(completed)); !slices.Contains(done, challenge) || !slices.Contains(done, plain) {
			s.t.Errorf("done: %v, of %s and %s", done, plain, challenge)
		}
		must(s, taskService+"CompleteTask", &calendarv1.CompleteTaskRequest{TaskId: plain, Complete: proto.Bool(false)}, &calendarv1.CompleteTaskResponse{})
		if open := s.tasks(window(todo)); slices.Contains(open, challenge) || !slices.Contains(open, plain) {
			s.t.Errorf("to do: %v, of %s and %s", open, plain, challenge)
		}
		all := s.tasks(window(calendarv1.TaskStatus_TASK_STATUS_ALL))
		if slices.Index(all, plain) > slices.Index(all, challenge) {
			s.t.Errorf("all: %v, and what is to do does not come first", all)
		}
		page := window(calendarv1.TaskStatus_TASK_STATUS_ALL)
		page.Offset, page.Limit = proto.Int32(1), proto.Int32(2)
		if got := s.tasks(page); !slices.Equal(got, all[1:3]) {
			s.t.Errorf("the second and third task are %v, of %v", got, all)
		}

		// Two days after the first the challenge is open again, and its record
		// tells what was done.
		s.advance("1036800")
		if status := s.task(challenge).GetStatus(); status != "TODO" {
			s.t.Errorf("two days later the challenge is %s", status)
		}
		record := must(s, taskService+"ListTaskRecords", &calendarv1.ListTaskRecordsRequest{
			TaskId: challenge, From: proto.String(day(0)), To: proto.String(day(1)),
		}, &calendarv1.ListTaskRecordsResponse{}).GetBody().AsMap()
		days, _ := record["records"].([]any)
		if len(days) != 2 {
			s.t.Fatalf("record %v", record)
		}
		for n, want := range []bool{true, false} {
			if got := days[n].(map[string]any); got["date"] != day(n) || got["completed"] != want {
				s.t.Errorf("day %d of the record is %v", n, got)
			}
		}
		s.refused(taskService+"ListTaskRecords", &calendarv1.ListTaskRecordsRequest{TaskId: plain}, &calendarv1.ListTaskRecordsResponse{},
			codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")

		// The task of a profile sticker is in the list, but not ours to change.
		around := &calendarv1.ListTasksRequest{From: first.AddDate(0, 0, -11).Format("20060102"), To: day(0)}
		listed := s.tasks(around)
		around.TaskFilter = []calendarv1.TaskFilter{calendarv1.TaskFilter_TASK_FILTER_AUTHORIZED}
		ours := s.tasks(around)
		sticker := slices.DeleteFunc(listed, func(id string) bool { return slices.Contains(ours, id) })
		if len(sticker) != 1 {
			s.t.Fatalf("on a profile sticker: %v", sticker)
		}
		s.refused(taskService+"DeleteTask", &calendarv1.DeleteTaskRequest{TaskId: sticker[0]}, &calendarv1.DeleteTaskResponse{},
			codes.FailedPrecondition, "KAKAO_TASK_READ_ONLY")

		must(s, taskService+"DeleteTask", &calendarv1.DeleteTaskRequest{TaskId: challenge}, &calendarv1.DeleteTaskResponse{})
		s.refused(taskService+"GetTask", &calendarv1.GetTaskRequest{TaskId: challenge}, &calendarv1.GetTaskResponse{},
			codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")

		s.who.Token = s.tokenOf("joon")
		s.refused(taskService+"ListTasks", window(todo), &calendarv1.ListTasksResponse{}, codes.PermissionDenied, "KAKAO_SCOPE_REQUIRED")
	})
}
