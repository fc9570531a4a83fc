package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Results results = new Results(JSON);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}|'a\\nb'",
                "{'content':[]}|''",
                "{'content':[{'type':'text','text':'{}'}],'structuredContent':{'n':1}}|{'n':1}",
                "{'content':[{'type':'image','data':'QQ==','mimeType':'image/png'}]}"
                        + "|{'content':[{'type':'image','data':'QQ==','mimeType':'image/png'}]}",
                "{'content':[{'type':'resource_link','name':'n','uri':'file:///x'}],'structuredContent':[1]}"
                        + "|{'content':[{'type':'resource_link','name':'n','uri':'file:///x'}],'structuredContent':[1]}",
                "{'content':[{'type':'text','text':'no such file'}],'isError':true}|FAILED no such file",
                "{'content':[],'isError':true}|FAILED The tool failed, and did not say why."
            })
    void what_a_server_answers_has_one_form(String answer, String expected) throws Exception {
        var result = results.of(JSON.readValue(answer.replace('\'', '"'), CallToolResult.class));
        switch (result) {
            case ToolResult.Failed(var text) -> assertThat("FAILED " + text).isEqualTo(expected);
            case ToolResult.Output(var output) ->
                assertThat(output).isEqualTo(JSON.readTree(expected.replace('\'', '"')));
        }
    }
}
