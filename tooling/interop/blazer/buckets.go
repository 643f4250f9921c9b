package main

import (
	"context"

	"github.com/Backblaze/blazer/b2"
)

// BucketCall names a bucket; the settings are for the call that creates it.
type BucketCall struct {
	Bucket string            `json:"bucket"`
	Info   map[string]string `json:"info"`
	// Encrypted gives it the default encryption SSE-B2, the only one that blazer knows.
	Encrypted bool `json:"encrypted"`
	// Origin is for a CORS rule, where given.
	Origin string `json:"origin"`
	// DaysUntilHidden and DaysUntilDeleted make a lifecycle rule for all files, where not zero.
	DaysUntilHidden  int `json:"daysUntilHidden"`
	DaysUntilDeleted int `json:"daysUntilDeleted"`
}

// BucketAnswer is what blazer shows of a bucket. It shows no default encryption and no CORS rules.
type BucketAnswer struct {
	Type  string             `json:"type"`
	Info  map[string]string  `json:"info"`
	Rules []b2.LifecycleRule `json:"rules"`
}

func createBucket(ctx context.Context, client *b2.Client, call BucketCall) (any, error) {
	attrs := &b2.BucketAttrs{Type: b2.Private, Info: call.Info}
	if call.DaysUntilHidden+call.DaysUntilDeleted > 0 {
		rule := b2.LifecycleRule{DaysNewUntilHidden: call.DaysUntilHidden, DaysHiddenUntilDeleted: call.DaysUntilDeleted}
		attrs.LifecycleRules = []b2.LifecycleRule{rule}
	}
	bucket, err := client.NewBucket(ctx, call.Bucket, attrs)
	if err != nil {
		return nil, err
	}
	// blazer can set these with an update only.
	changes := &b2.BucketAttrs{}
	if call.Encrypted {
		changes.DefaultServerSideEncryption = b2.DefaultServerSideEncryption()
	}
	if call.Origin != "" {
		rule := b2.CORSRule{
			Name:              "interop",
			AllowedOrigins:    []string{call.Origin},
			AllowedOperations: []string{"b2_download_file_by_name"},
			MaxAgeSeconds:     60,
		}
		changes.CORSRules = []b2.CORSRule{rule}
	}
	if changes.DefaultServerSideEncryption == nil && changes.CORSRules == nil {
		return nil, nil
	}
	return nil, bucket.Update(ctx, changes)
}

func readBucket(ctx context.Context, client *b2.Client, call BucketCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	attrs, err := bucket.Attrs(ctx)
	if err != nil {
		return nil, err
	}
	return BucketAnswer{Type: string(attrs.Type), Info: attrs.Info, Rules: attrs.LifecycleRules}, nil
}

func deleteBucket(ctx context.Context, client *b2.Client, call BucketCall) (any, error) {
	bucket, err := client.Bucket(ctx, call.Bucket)
	if err != nil {
		return nil, err
	}
	return nil, bucket.Delete(ctx)
}
