import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** One call, as the scenarios write it. What a call does not need is left out. */
final class Call {
  private final JsonNode fields;

  Call(JsonNode fields) {
    this.fields = fields;
  }

  /** A text; empty where it is left out. */
  String text(String name) {
    return fields.field(name).map(JsonNode::text).orElse("");
  }

  long number(String name) {
    return fields.field(name).map(JsonNode::asNumber).map(Long::parseLong).orElse(0L);
  }

  Path path() {
    return Path.of(text("path"));
  }

  List<String> names() {
    return fields.field("names").map(JsonNode::asArray).orElse(List.of()).stream().map(JsonNode::text).toList();
  }

  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    fields.field("metadata").map(JsonNode::asObject).orElse(Map.of()).forEach((key, value) -> metadata.put(key, value.text()));
    return metadata;
  }

  /** How an object is encrypted: `encryption`, or `sourceEncryption` of the object that is copied. */
  Encryption encryption(String name) {
    Optional<JsonNode> given = fields.field(name);
    String mode = given.flatMap(node -> node.field("mode")).map(JsonNode::text).orElse("none");
    return new Encryption(mode, given.flatMap(node -> node.field("key")).map(JsonNode::text).orElse(null));
  }

  /**
   * @param mode "none", "SSE-B2" (AES256 in S3), or "SSE-C" with its key.
   * @param key 32 bytes in base64, or null.
   */
  record Encryption(String mode, String key) {
    boolean isServerKey() {
      return mode.equals("SSE-B2");
    }

    /** The algorithm to be sent with a customer key, or null. */
    String algorithm() {
      return key == null ? null : "AES256";
    }

    /** MD5 of the key in base64, or null. */
    String md5() {
      if (key == null) return null;
      try {
        byte[] digest = MessageDigest.getInstance("MD5").digest(Base64.getDecoder().decode(key));
        return Base64.getEncoder().encodeToString(digest);
      } catch (NoSuchAlgorithmException error) {
        throw new IllegalStateException(error);
      }
    }
  }
}
