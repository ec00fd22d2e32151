// Package catalogue owns what the reasons of failed calls mean to people, in
// English and in Korean: why a call fails so, who mends it and how, and whether
// repeating it makes sense. The texts are the YAML files in reasons, one a group of
// reasons, with the languages side by side; what follows from the tables of errorsx
// (gRPC code, HTTP status, Kakao's codes) is taken from there.
//
// It must import nothing of this module but errorsx: the server's page and the
// documentation are made from it, not the other way round.
package catalogue
