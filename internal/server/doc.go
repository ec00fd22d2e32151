// Package server owns the listeners and everything between them and the
// services: the interceptor chain, the JSON facade and its in-process
// connection, health, reflection, the ops port and the shutdown. Build puts it
// together, Run serves until its context ends.
//
// It knows no product and no endpoint of Kakao: those are internal/service and
// internal/kakao. It must not import the sandbox.
package server
