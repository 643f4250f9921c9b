package main

import (
	"context"
	"io"
	"net/url"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"
)

type minioLibrary struct{ client *minio.Client }

// openMinio lets the library ask for the region of each bucket.
func openMinio(session Session) (Library, error) {
	place, err := url.Parse(session.Endpoint)
	if err != nil {
		return nil, err
	}
	client, err := minio.New(place.Host, &minio.Options{
		Creds:           credentials.NewStaticV4(session.KeyID, session.Key, ""),
		Secure:          place.Scheme == "https",
		TrailingHeaders: true,
		MaxRetries:      1,
	})
	return minioLibrary{client}, err
}

func writingWith(encryption Encryption) (encrypt.ServerSide, error) {
	switch encryption.Mode {
	case "SSE-B2":
		return encrypt.NewSSE(), nil
	case "SSE-C":
		return encrypt.NewSSEC(encryption.Key)
	default:
		return nil, nil
	}
}

// readingWith gives the key: the library refuses to send anything else with a read.
func readingWith(encryption Encryption) (encrypt.ServerSide, error) {
	if encryption.Mode != "SSE-C" {
		return nil, nil
	}
	return encrypt.NewSSEC(encryption.Key)
}

func (library minioLibrary) Write(ctx context.Context, call Call, source io.Reader, size int64) error {
	encryption, err := writingWith(call.Encryption)
	if err != nil {
		return err
	}
	_, err = library.client.PutObject(ctx, call.Bucket, call.Name, source, size, minio.PutObjectOptions{
		UserMetadata: call.Metadata, ServerSideEncryption: encryption, PartSize: uint64(call.PartSize),
	})
	return err
}

func (library minioLibrary) Read(ctx context.Context, call Call, target io.Writer) error {
	encryption, err := readingWith(call.Encryption)
	if err != nil {
		return err
	}
	object, err := library.client.GetObject(ctx, call.Bucket, call.Name, minio.GetObjectOptions{
		ServerSideEncryption: encryption, Checksum: true,
	})
	if err != nil {
		return err
	}
	defer object.Close()
	_, err = io.Copy(target, object)
	return err
}

func (library minioLibrary) Head(ctx context.Context, call Call) (Head, error) {
	encryption, err := readingWith(call.Encryption)
	if err != nil {
		return Head{}, err
	}
	options := minio.StatObjectOptions{ServerSideEncryption: encryption}
	about, err := library.client.StatObject(ctx, call.Bucket, call.Name, options)
	return Head{about.Size, about.ETag, about.UserMetadata}, err
}

func (library minioLibrary) Copy(ctx context.Context, call Call) error {
	to, err := writingWith(call.Encryption)
	if err != nil {
		return err
	}
	from, err := readingWith(call.SourceEncryption)
	if err != nil {
		return err
	}
	_, err = library.client.CopyObject(ctx,
		minio.CopyDestOptions{Bucket: call.Bucket, Object: call.Name, Encryption: to},
		minio.CopySrcOptions{Bucket: call.Bucket, Object: call.Source, Encryption: from})
	return err
}

func (library minioLibrary) List(ctx context.Context, call Call) ([]string, error) {
	names := []string{}
	options := minio.ListObjectsOptions{Recursive: true, MaxKeys: int(call.PageSize)}
	for object := range library.client.ListObjects(ctx, call.Bucket, options) {
		if object.Err != nil {
			return nil, object.Err
		}
		names = append(names, object.Key)
	}
	return names, nil
}

func (library minioLibrary) Remove(ctx context.Context, call Call) error {
	objects := make(chan minio.ObjectInfo)
	go func() {
		defer close(objects)
		for _, name := range call.Names {
			objects <- minio.ObjectInfo{Key: name}
		}
	}()
	var failed error
	for refused := range library.client.RemoveObjects(ctx, call.Bucket, objects, minio.RemoveObjectsOptions{}) {
		failed = refused.Err
	}
	return failed
}

// Parts gives the sizes of an object's parts.
func (library minioLibrary) Parts(ctx context.Context, call Call) ([]int64, error) {
	encryption, err := readingWith(call.Encryption)
	if err != nil {
		return nil, err
	}
	options := minio.ObjectAttributesOptions{ServerSideEncryption: encryption}
	about, err := library.client.GetObjectAttributes(ctx, call.Bucket, call.Name, options)
	if err != nil {
		return nil, err
	}
	sizes := []int64{}
	for _, part := range about.ObjectParts.Parts {
		sizes = append(sizes, int64(part.Size))
	}
	return sizes, nil
}
