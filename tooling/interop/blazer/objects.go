package main

import (
	"context"

	"github.com/Backblaze/blazer/b2"
)

// ObjectCall names a file, or files by the beginning of their names.
type ObjectCall struct {
	Bucket    string `json:"bucket"`
	Name      string `json:"name"`
	Prefix    string `json:"prefix"`
	Delimiter string `json:"delimiter"`
	PageSize  int    `json:"pageSize"`
	// Which files: "current", "versions" or "unfinished".
	Which string `json:"which"`
	// Seconds that a URL is valid.
	Seconds int `json:"seconds"`
}

// ObjectAnswer is a file as blazer shows it.
type ObjectAnswer struct {
	Name        string            `json:"name"`
	ID          string            `json:"fileId"`
	State       string            `json:"state"`
	Size        int64             `json:"size"`
	ContentType string            `json:"contentType"`
	SHA1        string            `json:"sha1"`
	Info        map[string]string `json:"info"`
	// LastModified is in milliseconds since the epoch, 0 where nobody said.
	LastModified int64 `json:"lastModified"`
}

var states = map[b2.ObjectState]string{
	b2.Started:  "started",
	b2.Uploaded: "uploaded",
	b2.Hider:    "hider",
	b2.Folder:   "folder",
}

func attributes(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	return objectAnswer(ctx, bucket.Object(call.Name))
}

func list(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	answers := []ObjectAnswer{}
	err := each(ctx, client, call, func(object *b2.Object) error {
		answer, err := objectAnswer(ctx, object)
		answers = append(answers, answer)
		return err
	})
	return answers, err
}

func hide(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	return nil, bucket.Object(call.Name).Hide(ctx)
}

func reveal(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	return nil, bucket.Reveal(ctx, call.Name)
}

// deleteCurrent deletes the current version of a file, so that the one before is current again.
func deleteCurrent(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	iterator := bucket.List(ctx, b2.ListHidden(), b2.ListPrefix(call.Name))
	if iterator.Next() {
		return nil, iterator.Object().Delete(ctx)
	}
	return nil, iterator.Err()
}

// deleteAll deletes all versions and hide markers.
func deleteAll(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	call.Which = "versions"
	return nil, each(ctx, client, call, func(object *b2.Object) error { return object.Delete(ctx) })
}

// cancelAll gives up all unfinished large files.
func cancelAll(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	call.Which = "unfinished"
	return nil, each(ctx, client, call, func(object *b2.Object) error { return object.Cancel(ctx) })
}

func each(ctx context.Context, client *b2.Client, call ObjectCall, visit func(*b2.Object) error) error {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return err
	}
	iterator := bucket.List(ctx, listOptions(call)...)
	for iterator.Next() {
		if err := visit(iterator.Object()); err != nil {
			return err
		}
	}
	return iterator.Err()
}

func listOptions(call ObjectCall) []b2.ListOption {
	options := []b2.ListOption{b2.ListPrefix(call.Prefix), b2.ListDelimiter(call.Delimiter)}
	if call.PageSize > 0 {
		options = append(options, b2.ListPageSize(call.PageSize))
	}
	switch call.Which {
	case "versions":
		options = append(options, b2.ListHidden())
	case "unfinished":
		options = append(options, b2.ListUnfinished())
	}
	return options
}

func objectAnswer(ctx context.Context, object *b2.Object) (ObjectAnswer, error) {
	attrs, err := object.Attrs(ctx)
	if err != nil {
		return ObjectAnswer{}, err
	}
	answer := ObjectAnswer{
		Name:        attrs.Name,
		ID:          object.ID(),
		State:       states[attrs.Status],
		Size:        attrs.Size,
		ContentType: attrs.ContentType,
		SHA1:        attrs.SHA1,
		Info:        attrs.Info,
	}
	if !attrs.LastModified.IsZero() {
		answer.LastModified = attrs.LastModified.UnixMilli()
	}
	return answer, nil
}
