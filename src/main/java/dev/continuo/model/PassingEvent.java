package dev.continuo.model;

import dev.langchain4j.http.client.sse.ServerSentEvent;

/** LangChain4j keeps every event until the answer is complete; this one lets go of its text once it was read. */
final class PassingEvent extends ServerSentEvent {
    private String data;

    PassingEvent(String name, String data) {
        super(name, "");
        this.data = data;
    }

    @Override
    public String data() {
        return data;
    }

    void forget() {
        data = "";
    }
}
