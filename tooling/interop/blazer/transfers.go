package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/Backblaze/blazer/b2"
)

// WriteCall uploads a file of this machine.
type WriteCall struct {
	Bucket string `json:"bucket"`
	Name   string `json:"name"`
	Path   string `json:"path"`
	// ChunkSize is in bytes; what is larger becomes a large file.
	ChunkSize   int               `json:"chunkSize"`
	Uploads     int               `json:"uploads"`
	ContentType string            `json:"contentType"`
	Info        map[string]string `json:"info"`
	// SHA1 is hexadecimal; blazer keeps that of a large file where it is told.
	SHA1 string `json:"sha1"`
	// LastModified is in milliseconds since the epoch.
	LastModified int64 `json:"lastModified"`
	// Resume takes up an upload of this name that was interrupted.
	Resume bool `json:"resume"`
	// Streamed hides that the source is a file, so that blazer buffers chunks and knows no length.
	Streamed bool `json:"streamed"`
}

// ReadCall downloads to a file of this machine.
type ReadCall struct {
	Bucket string `json:"bucket"`
	Name   string `json:"name"`
	Path   string `json:"path"`
	Offset int64  `json:"offset"`
	// Length is in bytes; less than zero means all that follows the offset.
	Length    int64 `json:"length"`
	ChunkSize int   `json:"chunkSize"`
	Downloads int   `json:"downloads"`
}

func write(ctx context.Context, client *b2.Client, call WriteCall) (any, error) {
	writer, err := newWriter(ctx, client, call)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(call.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var source io.Reader = file
	if call.Streamed {
		source = struct{ io.Reader }{file}
	}
	if _, err := io.Copy(writer, source); err != nil {
		writer.Close()
		return nil, err
	}
	return nil, writer.Close()
}

// interrupt writes all but a byte and then breaks off, so that a large file without its last chunk stays behind.
func interrupt(ctx context.Context, client *b2.Client, call WriteCall) (any, error) {
	content, err := os.ReadFile(call.Path)
	if err != nil {
		return nil, err
	}
	broken, cancel := context.WithCancel(ctx)
	defer cancel()
	writer, err := newWriter(broken, client, call)
	if err != nil {
		return nil, err
	}
	_, err = writer.Write(content[:len(content)-1])
	return nil, err
}

func newWriter(ctx context.Context, client *b2.Client, call WriteCall) (*b2.Writer, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	attrs := &b2.Attrs{ContentType: call.ContentType, Info: call.Info, SHA1: call.SHA1}
	if call.LastModified > 0 {
		attrs.LastModified = time.UnixMilli(call.LastModified)
	}
	writer := bucket.Object(call.Name).NewWriter(ctx, b2.WithAttrsOption(attrs))
	writer.ChunkSize = call.ChunkSize
	writer.ConcurrentUploads = call.Uploads
	writer.Resume = call.Resume
	return writer, nil
}

// read says whether blazer could compare the SHA-1 of what it read.
func read(ctx context.Context, client *b2.Client, call ReadCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	target, err := os.Create(call.Path)
	if err != nil {
		return nil, err
	}
	defer target.Close()
	reader := bucket.Object(call.Name).NewRangeReader(ctx, call.Offset, call.Length)
	defer reader.Close()
	reader.ChunkSize = call.ChunkSize
	reader.ConcurrentDownloads = call.Downloads
	if _, err := io.Copy(target, reader); err != nil {
		return nil, err
	}
	wrong, compared := reader.Verify()
	if wrong != nil {
		return nil, fmt.Errorf("what was read is not what was written: %w", wrong)
	}
	return compared, nil
}
