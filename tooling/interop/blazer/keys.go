package main

import (
	"context"
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/Backblaze/blazer/b2"
)

// KeyCall describes an application key, of one bucket where one is named.
type KeyCall struct {
	Name         string   `json:"name"`
	Bucket       string   `json:"bucket"`
	Prefix       string   `json:"prefix"`
	Capabilities []string `json:"capabilities"`
	// Seconds that it lives.
	Seconds int `json:"seconds"`
}

// KeyAnswer is a key as blazer shows it: secret and capabilities once only, where it is made.
type KeyAnswer struct {
	ID           string   `json:"keyId"`
	Secret       string   `json:"key,omitempty"`
	Name         string   `json:"name"`
	Capabilities []string `json:"capabilities,omitempty"`
	// Expires is in milliseconds since the epoch, 0 for never.
	Expires int64 `json:"expires"`
}

func createKey(ctx context.Context, client *b2.Client, call KeyCall) (any, error) {
	options := []b2.KeyOption{b2.Capabilities(call.Capabilities...)}
	if call.Seconds > 0 {
		options = append(options, b2.Lifetime(time.Duration(call.Seconds)*time.Second))
	}
	if call.Prefix != "" {
		options = append(options, b2.Prefix(call.Prefix))
	}
	key, err := makeKey(ctx, client, call, options)
	if err != nil {
		return nil, err
	}
	return keyAnswer(key), nil
}

func makeKey(ctx context.Context, client *b2.Client, call KeyCall, options []b2.KeyOption) (*b2.Key, error) {
	if call.Bucket == "" {
		return client.CreateKey(ctx, call.Name, options...)
	}
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	return bucket.CreateKey(ctx, call.Name, options...)
}

func listKeys(ctx context.Context, client *b2.Client, _ KeyCall) (any, error) {
	keys, err := allKeys(ctx, client)
	answers := []KeyAnswer{}
	for _, key := range keys {
		answers = append(answers, keyAnswer(key))
	}
	return answers, err
}

func deleteKey(ctx context.Context, client *b2.Client, call KeyCall) (any, error) {
	keys, err := allKeys(ctx, client)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if key.Name() == call.Name {
			return nil, key.Delete(ctx)
		}
	}
	return nil, fmt.Errorf("no key is named %s", call.Name)
}

// allKeys reads pages of one, so that there is more than one page.
func allKeys(ctx context.Context, client *b2.Client) ([]*b2.Key, error) {
	var all []*b2.Key
	cursor := ""
	for {
		page, next, err := client.ListKeys(ctx, 1, cursor)
		all = append(all, page...)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		cursor = next
	}
}

func keyAnswer(key *b2.Key) KeyAnswer {
	capabilities := append([]string{}, key.Capabilities()...)
	sort.Strings(capabilities)
	return KeyAnswer{
		ID:           key.ID(),
		Secret:       key.Secret(),
		Name:         key.Name(),
		Capabilities: capabilities,
		Expires:      key.Expires().UnixMilli(),
	}
}
