import java.io.IOException;
import java.util.Map;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/** Runs calls of the AWS SDK for Java 2.x, given as JSON on standard input, one after the other, and prints their answers as JSON. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    JsonNode session = JsonNode.parser().parse(System.in);
    JsonWriter answers = JsonWriter.create().writeStartArray();
    try (Calls calls = new Calls(session)) {
      for (JsonNode call : session.field("calls").orElseThrow().asArray()) answer(answers, calls, new Call(call));
    }
    System.out.write(answers.writeEndArray().getBytes());
    System.out.flush();
  }

  /** What one call returned: its error's text, or its result. */
  private static void answer(JsonWriter answers, Calls calls, Call call) throws IOException {
    answers.writeStartObject();
    try {
      Object result = calls.run(call);
      answers.writeFieldName("result");
      write(answers, result);
    } catch (RuntimeException | IOException error) {
      answers.writeFieldName("error").writeValue(String.valueOf(error.getMessage()));
    }
    answers.writeEndObject();
  }

  private static void write(JsonWriter answers, Object value) {
    if (value instanceof Map<?, ?> fields) {
      answers.writeStartObject();
      fields.forEach((name, field) -> write(answers.writeFieldName((String) name), field));
      answers.writeEndObject();
    } else if (value instanceof Iterable<?> list) {
      answers.writeStartArray();
      list.forEach(entry -> write(answers, entry));
      answers.writeEndArray();
    } else if (value instanceof Long number) {
      answers.writeValue(number.longValue());
    } else if (value == null) {
      answers.writeNull();
    } else {
      answers.writeValue((String) value);
    }
  }
}
