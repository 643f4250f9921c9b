import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** The calls that scenarios make. */
final class Calls implements AutoCloseable {
  private final S3Client s3;

  Calls(JsonNode session) throws IOException, GeneralSecurityException {
    TrustManager[] trusted = trusting(Path.of(text(session, "caFile")));
    AwsBasicCredentials credentials = AwsBasicCredentials.create(text(session, "keyId"), text(session, "key"));
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create(text(session, "endpoint")))
            .region(Region.of(text(session, "region")))
            .forcePathStyle(true)
            .credentialsProvider(StaticCredentialsProvider.create(credentials))
            .httpClientBuilder(UrlConnectionHttpClient.builder().tlsTrustManagersProvider(() -> trusted))
            .build();
  }

  Object run(Call call) throws IOException {
    return switch (call.text("call")) {
      case "write" -> write(call);
      case "read" -> read(call);
      case "head" -> head(call);
      case "copy" -> copy(call);
      case "list" -> list(call);
      case "remove" -> remove(call);
      default -> throw new IllegalArgumentException("no such call: " + call.text("call"));
    };
  }

  @Override
  public void close() {
    s3.close();
  }

  private Object write(Call call) throws IOException {
    if (Files.size(call.path()) > call.number("partSize")) return writeParts(call);
    Call.Encryption encryption = call.encryption("encryption");
    s3.putObject(
        request ->
            request
                .bucket(call.text("bucket"))
                .key(call.text("name"))
                .metadata(call.metadata())
                .serverSideEncryption(serverKey(encryption))
                .sseCustomerAlgorithm(encryption.algorithm())
                .sseCustomerKey(encryption.key())
                .sseCustomerKeyMD5(encryption.md5()),
        RequestBody.fromFile(call.path()));
    return null;
  }

  private Object writeParts(Call call) throws IOException {
    Call.Encryption encryption = call.encryption("encryption");
    String bucket = call.text("bucket");
    String key = call.text("name");
    String upload =
        s3.createMultipartUpload(
                request ->
                    request
                        .bucket(bucket)
                        .key(key)
                        .metadata(call.metadata())
                        .serverSideEncryption(serverKey(encryption))
                        .sseCustomerAlgorithm(encryption.algorithm())
                        .sseCustomerKey(encryption.key())
                        .sseCustomerKeyMD5(encryption.md5()))
            .uploadId();
    List<CompletedPart> parts = new ArrayList<>();
    try (InputStream source = Files.newInputStream(call.path())) {
      for (byte[] part; (part = source.readNBytes((int) call.number("partSize"))).length > 0; ) {
        int number = parts.size() + 1;
        RequestBody body = RequestBody.fromBytes(part);
        var sent =
            s3.uploadPart(
                request ->
                    request
                        .bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .sseCustomerAlgorithm(encryption.algorithm())
                        .sseCustomerKey(encryption.key())
                        .sseCustomerKeyMD5(encryption.md5()),
                body);
        parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).checksumCRC32(sent.checksumCRC32()).build());
      }
    }
    s3.completeMultipartUpload(
        request -> request.bucket(bucket).key(key).uploadId(upload).multipartUpload(done -> done.parts(parts)));
    return null;
  }

  private Object read(Call call) throws IOException {
    Call.Encryption encryption = call.encryption("encryption");
    try (ResponseInputStream<GetObjectResponse> content =
        s3.getObject(
            request ->
                request
                    .bucket(call.text("bucket"))
                    .key(call.text("name"))
                    .sseCustomerAlgorithm(encryption.algorithm())
                    .sseCustomerKey(encryption.key())
                    .sseCustomerKeyMD5(encryption.md5()))) {
      Files.copy(content, call.path(), StandardCopyOption.REPLACE_EXISTING);
    }
    return null;
  }

  private Object head(Call call) {
    Call.Encryption encryption = call.encryption("encryption");
    HeadObjectResponse shown =
        s3.headObject(
            request ->
                request
                    .bucket(call.text("bucket"))
                    .key(call.text("name"))
                    .sseCustomerAlgorithm(encryption.algorithm())
                    .sseCustomerKey(encryption.key())
                    .sseCustomerKeyMD5(encryption.md5()));
    return Map.of("size", shown.contentLength(), "etag", shown.eTag(), "metadata", shown.metadata());
  }

  private Object copy(Call call) {
    Call.Encryption encryption = call.encryption("encryption");
    Call.Encryption source = call.encryption("sourceEncryption");
    s3.copyObject(
        request ->
            request
                .sourceBucket(call.text("bucket"))
                .sourceKey(call.text("source"))
                .destinationBucket(call.text("bucket"))
                .destinationKey(call.text("name"))
                .copySourceSSECustomerAlgorithm(source.algorithm())
                .copySourceSSECustomerKey(source.key())
                .copySourceSSECustomerKeyMD5(source.md5())
                .serverSideEncryption(serverKey(encryption))
                .sseCustomerAlgorithm(encryption.algorithm())
                .sseCustomerKey(encryption.key())
                .sseCustomerKeyMD5(encryption.md5()));
    return null;
  }

  private Object list(Call call) {
    int pageSize = (int) call.number("pageSize");
    return s3.listObjectsV2Paginator(request -> request.bucket(call.text("bucket")).maxKeys(pageSize)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  private Object remove(Call call) {
    List<ObjectIdentifier> objects =
        call.names().stream().map(name -> ObjectIdentifier.builder().key(name).build()).toList();
    s3.deleteObjects(request -> request.bucket(call.text("bucket")).delete(delete -> delete.objects(objects)));
    return null;
  }

  private static ServerSideEncryption serverKey(Call.Encryption encryption) {
    return encryption.isServerKey() ? ServerSideEncryption.AES256 : null;
  }

  private static String text(JsonNode session, String name) {
    return session.field(name).orElseThrow().text();
  }

  /** Trusts the certificates of a file in PEM, and no others. */
  private static TrustManager[] trusting(Path certificates) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(certificates)) {
      int number = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("certificate-" + number++, certificate);
      }
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
