// Command go-s3 runs calls of two S3 libraries for Go, given as JSON on standard input, one after the other, and prints their
// answers as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Session is whom to talk to, with which library, and what to do there.
type Session struct {
	// Library is "aws" for the AWS SDK for Go v2, or "minio" for minio-go.
	Library  string `json:"library"`
	Endpoint string `json:"endpoint"`
	Region   string `json:"region"`
	KeyID    string `json:"keyId"`
	Key      string `json:"key"`
	Calls    []Call `json:"calls"`
}

// Encryption is how an object is encrypted: "none", "SSE-B2" (AES256 in S3), or "SSE-C" with its key.
type Encryption struct {
	Mode string `json:"mode"`
	// Key is 32 bytes, base64 in JSON.
	Key []byte `json:"key"`
}

// Call is one call. What a call does not need is left out.
type Call struct {
	// Call is write, read, head, copy, list, remove or parts.
	Call       string            `json:"call"`
	Bucket     string            `json:"bucket"`
	Name       string            `json:"name"`
	Names      []string          `json:"names"`
	Path       string            `json:"path"`
	Source     string            `json:"source"`
	Metadata   map[string]string `json:"metadata"`
	Encryption Encryption        `json:"encryption"`
	// SourceEncryption is that of the object that is copied.
	SourceEncryption Encryption `json:"sourceEncryption"`
	// Streamed hides the length of the source.
	Streamed bool `json:"streamed"`
	// PartSize is in bytes; what is larger is uploaded in parts.
	PartSize int64 `json:"partSize"`
	// PageSize is how many entries a page of a list has.
	PageSize int32 `json:"pageSize"`
}

// Head is what the server says of an object.
type Head struct {
	Size     int64             `json:"size"`
	ETag     string            `json:"etag"`
	Metadata map[string]string `json:"metadata"`
}

// Answer is what one call returned: its error's text, or its result.
type Answer struct {
	Error  string `json:"error,omitempty"`
	Result any    `json:"result,omitempty"`
}

// Library is a library with the calls that scenarios make.
type Library interface {
	Write(ctx context.Context, call Call, source io.Reader, size int64) error
	Read(ctx context.Context, call Call, target io.Writer) error
	Head(ctx context.Context, call Call) (Head, error)
	Copy(ctx context.Context, call Call) error
	List(ctx context.Context, call Call) ([]string, error)
	Remove(ctx context.Context, call Call) error
	Parts(ctx context.Context, call Call) ([]int64, error)
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var session Session
	if err := json.NewDecoder(os.Stdin).Decode(&session); err != nil {
		return err
	}
	library, err := open(session)
	if err != nil {
		return err
	}
	answers := []Answer{}
	for _, call := range session.Calls {
		result, err := perform(ctx, library, call)
		if err != nil {
			answers = append(answers, Answer{Error: err.Error()})
		} else {
			answers = append(answers, Answer{Result: result})
		}
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func open(session Session) (Library, error) {
	switch session.Library {
	case "aws":
		return openAWS(session), nil
	case "minio":
		return openMinio(session)
	default:
		return nil, fmt.Errorf("no such library: %s", session.Library)
	}
}

func perform(ctx context.Context, library Library, call Call) (any, error) {
	switch call.Call {
	case "write":
		return nil, write(ctx, library, call)
	case "read":
		return nil, read(ctx, library, call)
	case "head":
		return library.Head(ctx, call)
	case "copy":
		return nil, library.Copy(ctx, call)
	case "list":
		return library.List(ctx, call)
	case "remove":
		return nil, library.Remove(ctx, call)
	case "parts":
		return library.Parts(ctx, call)
	default:
		return nil, fmt.Errorf("no such call: %s", call.Call)
	}
}

func write(ctx context.Context, library Library, call Call) error {
	file, err := os.Open(call.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	if call.Streamed {
		return library.Write(ctx, call, struct{ io.Reader }{file}, -1)
	}
	about, err := file.Stat()
	if err != nil {
		return err
	}
	return library.Write(ctx, call, file, about.Size())
}

func read(ctx context.Context, library Library, call Call) error {
	target, err := os.Create(call.Path)
	if err != nil {
		return err
	}
	defer target.Close()
	return library.Read(ctx, call, target)
}
