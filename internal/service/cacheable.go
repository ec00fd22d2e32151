package service

import "google.golang.org/protobuf/reflect/protoreflect"

// Cacheable names the services whose answers an operator may choose to have
// repeated for a while (cache.life): what they find is the same for everybody,
// and none of their rpcs carries a user's credential. Kakao's terms restrict
// keeping what it finds, which is why nothing is kept unless somebody decides
// so. https://developers.kakao.com/docs/latest/en/local/dev-guide
func Cacheable() []protoreflect.FullName {
	return []protoreflect.FullName{"kakao.local.v1.LocalService", "kakao.search.v1.SearchService"}
}
