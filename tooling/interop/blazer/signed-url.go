package main

import (
	"context"
	"time"

	"github.com/Backblaze/blazer/b2"
)

// signedURL is a URL by which whoever has it reads the file for some time.
func signedURL(ctx context.Context, client *b2.Client, call ObjectCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	url, err := bucket.Object(call.Name).AuthURL(ctx, time.Duration(call.Seconds)*time.Second, "")
	if err != nil {
		return nil, err
	}
	return url.String(), nil
}
