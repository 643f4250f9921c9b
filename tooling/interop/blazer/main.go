// Command blazer runs calls of the blazer library, given as JSON on standard input, one after the other in one session, and
// prints their answers as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/Backblaze/blazer/b2"
)

// Session is whom to talk to, and what to do there.
type Session struct {
	Endpoint string `json:"endpoint"`
	KeyID    string `json:"keyId"`
	Key      string `json:"key"`
	// FailSomeUploads has the client ask the server to let uploads fail, for clients that test themselves.
	FailSomeUploads bool `json:"failSomeUploads"`
	// Calls are objects whose member "call" says which they are.
	Calls []json.RawMessage `json:"calls"`
}

// Answer is what one call returned: its error's text, or its result.
type Answer struct {
	Error  string `json:"error,omitempty"`
	Result any    `json:"result,omitempty"`
}

type operation func(ctx context.Context, client *b2.Client, call json.RawMessage) (any, error)

var operations = map[string]operation{
	"createBucket": operationOf(createBucket),
	"bucket":       operationOf(readBucket),
	"deleteBucket": operationOf(deleteBucket),
	"write":        operationOf(write),
	"interrupt":    operationOf(interrupt),
	"read":         operationOf(read),
	"attributes":   operationOf(attributes),
	"list":         operationOf(list),
	"hide":         operationOf(hide),
	"reveal":       operationOf(reveal),
	"delete":       operationOf(deleteCurrent),
	"deleteAll":    operationOf(deleteAll),
	"cancelAll":    operationOf(cancelAll),
	"signedUrl":    operationOf(signedURL),
	"createKey":    operationOf(createKey),
	"keys":         operationOf(listKeys),
	"deleteKey":    operationOf(deleteKey),
}

// operationOf has a call decoded before it is made.
func operationOf[Call any](run func(context.Context, *b2.Client, Call) (any, error)) operation {
	return func(ctx context.Context, client *b2.Client, raw json.RawMessage) (any, error) {
		var call Call
		if err := json.Unmarshal(raw, &call); err != nil {
			return nil, err
		}
		return run(ctx, client, call)
	}
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
	options := []b2.ClientOption{b2.APIBase(session.Endpoint)}
	if session.FailSomeUploads {
		options = append(options, b2.FailSomeUploads())
	}
	client, err := b2.NewClient(ctx, session.KeyID, session.Key, options...)
	if err != nil {
		return err
	}
	answers := []Answer{}
	for _, call := range session.Calls {
		answers = append(answers, answer(ctx, client, call))
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func answer(ctx context.Context, client *b2.Client, call json.RawMessage) Answer {
	var named struct {
		Call string `json:"call"`
	}
	if err := json.Unmarshal(call, &named); err != nil {
		return Answer{Error: err.Error()}
	}
	run, known := operations[named.Call]
	if !known {
		return Answer{Error: "no such call: " + named.Call}
	}
	result, err := run(ctx, client, call)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{Result: result}
}
