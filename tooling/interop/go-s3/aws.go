package main

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"io"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

type awsLibrary struct{ client *s3.Client }

func openAWS(session Session) Library {
	return awsLibrary{s3.New(s3.Options{
		BaseEndpoint:     aws.String(session.Endpoint),
		Region:           session.Region,
		Credentials:      credentials.NewStaticCredentialsProvider(session.KeyID, session.Key, ""),
		UsePathStyle:     true,
		RetryMaxAttempts: 1,
	})}
}

// customerKey gives the three parameters of a customer key, which are nil without one.
func customerKey(encryption Encryption) (algorithm, key, digest *string) {
	if encryption.Mode != "SSE-C" {
		return nil, nil, nil
	}
	sum := md5.Sum(encryption.Key)
	return aws.String("AES256"), aws.String(base64.StdEncoding.EncodeToString(encryption.Key)),
		aws.String(base64.StdEncoding.EncodeToString(sum[:]))
}

func serverSide(encryption Encryption) types.ServerSideEncryption {
	if encryption.Mode == "SSE-B2" {
		return types.ServerSideEncryptionAes256
	}
	return ""
}

// Write uploads in parts where the source is larger than one, or its length is not known.
func (library awsLibrary) Write(ctx context.Context, call Call, source io.Reader, size int64) error {
	algorithm, key, digest := customerKey(call.Encryption)
	input := &s3.PutObjectInput{
		Bucket: &call.Bucket, Key: &call.Name, Body: source, Metadata: call.Metadata,
		ServerSideEncryption: serverSide(call.Encryption),
		SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: digest,
	}
	if size >= 0 && size <= call.PartSize {
		_, err := library.client.PutObject(ctx, input)
		return err
	}
	uploader := manager.NewUploader(library.client, func(uploader *manager.Uploader) {
		uploader.PartSize = call.PartSize
		uploader.Concurrency = 2
	})
	_, err := uploader.Upload(ctx, input)
	return err
}

func (library awsLibrary) Read(ctx context.Context, call Call, target io.Writer) error {
	algorithm, key, digest := customerKey(call.Encryption)
	answer, err := library.client.GetObject(ctx, &s3.GetObjectInput{
		Bucket: &call.Bucket, Key: &call.Name, ChecksumMode: types.ChecksumModeEnabled,
		SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: digest,
	})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(target, answer.Body)
	return err
}

func (library awsLibrary) Head(ctx context.Context, call Call) (Head, error) {
	algorithm, key, digest := customerKey(call.Encryption)
	answer, err := library.client.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: &call.Bucket, Key: &call.Name,
		SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: digest,
	})
	if err != nil {
		return Head{}, err
	}
	return Head{aws.ToInt64(answer.ContentLength), aws.ToString(answer.ETag), answer.Metadata}, nil
}

func (library awsLibrary) Copy(ctx context.Context, call Call) error {
	algorithm, key, digest := customerKey(call.Encryption)
	sourceAlgorithm, sourceKey, sourceDigest := customerKey(call.SourceEncryption)
	_, err := library.client.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &call.Bucket, Key: &call.Name, CopySource: aws.String(call.Bucket + "/" + url.PathEscape(call.Source)),
		ServerSideEncryption: serverSide(call.Encryption),
		SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: digest,
		CopySourceSSECustomerAlgorithm: sourceAlgorithm, CopySourceSSECustomerKey: sourceKey,
		CopySourceSSECustomerKeyMD5: sourceDigest,
	})
	return err
}

func (library awsLibrary) List(ctx context.Context, call Call) ([]string, error) {
	names := []string{}
	pages := s3.NewListObjectsV2Paginator(library.client, &s3.ListObjectsV2Input{
		Bucket: &call.Bucket, MaxKeys: aws.Int32(call.PageSize),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, object := range page.Contents {
			names = append(names, aws.ToString(object.Key))
		}
	}
	return names, nil
}

func (library awsLibrary) Remove(ctx context.Context, call Call) error {
	objects := []types.ObjectIdentifier{}
	for _, name := range call.Names {
		objects = append(objects, types.ObjectIdentifier{Key: aws.String(name)})
	}
	_, err := library.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &call.Bucket, Delete: &types.Delete{Objects: objects},
	})
	return err
}

// Parts gives the sizes of an object's parts.
func (library awsLibrary) Parts(ctx context.Context, call Call) ([]int64, error) {
	algorithm, key, digest := customerKey(call.Encryption)
	answer, err := library.client.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{
		Bucket: &call.Bucket, Key: &call.Name, ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesObjectParts},
		SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: digest,
	})
	if err != nil {
		return nil, err
	}
	return partSizes(answer.ObjectParts), nil
}

func partSizes(parts *types.GetObjectAttributesParts) []int64 {
	sizes := []int64{}
	if parts == nil {
		return sizes
	}
	for _, part := range parts.Parts {
		sizes = append(sizes, aws.ToInt64(part.Size))
	}
	return sizes
}
