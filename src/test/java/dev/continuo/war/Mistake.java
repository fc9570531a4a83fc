package dev.continuo.war;

import dev.continuo.testkit.RawHttp.Request;
import java.util.ArrayList;
import java.util.List;

/** A request with one thing wrong, and how it is refused. */
record Mistake(Request request, int status, String code, String says) {
    private static final String FILE = "/api/files/00000000-0000-0000-0000-000000000001";
    private static final int MESSAGE_CHARS = 64 * 1024;

    static List<Mistake> all(Sender me) {
        var rows = new ArrayList<Mistake>();
        rows.addAll(messages(me));
        rows.addAll(chats(me));
        rows.addAll(threads(me));
        rows.addAll(streams(me));
        rows.addAll(keysAndTickets(me));
        rows.addAll(anywhere(me));
        return rows;
    }

    private static List<Mistake> messages(Sender me) {
        var at = "/api/threads/" + me.client() + "/messages";
        return List.of(
                post(me, at, "{}", 400, "missing_field", "'message' is missing. Send it"),
                post(me, at, "{\"message\":null}", 400, "missing_field", "'message' is missing. Send it"),
                post(me, at, "{\"message\":[]}", 400, "wrong_type", "'message' has a value of the wrong type. Look up"),
                post(
                        me,
                        at,
                        "{\"message\":\"x\"}",
                        400,
                        "wrong_type",
                        "'message' has a value of the wrong type. Look up"),
                post(me, at, "{\"message\":{}}", 400, "missing_field", "'message.role' is missing. Send it"),
                post(me, at, message("\"role\":\"user\""), 400, "missing_field", "'message.parts' is missing. Send it"),
                post(me, at, message("\"role\":\"assistant\",\"parts\":[]"), 400, "bad_value", "Use that role"),
                post(me, at, message("\"role\":7,\"parts\":[]"), 400, "wrong_type", "'message.role'"),
                post(me, at, message("\"role\":\"user\",\"parts\":{}"), 400, "wrong_type", "'message.parts'"),
                post(
                        me,
                        at,
                        message("\"role\":\"user\",\"parts\":[null]"),
                        400,
                        "bad_value",
                        "A part is an object such as"),
                post(
                        me,
                        at,
                        message("\"role\":\"user\",\"parts\":[{}]"),
                        400,
                        "missing_field",
                        "[0].type' is missing. Send it"),
                post(me, at, text("\"type\":\"image\",\"text\":\"x\""), 400, "bad_value", "Leave others out"),
                post(me, at, text("\"type\":\"file\""), 400, "missing_field", "[0].url' is missing. Send it"),
                post(
                        me,
                        at,
                        text("\"type\":\"file\",\"url\":\"" + FILE + "\",\"fileId\":\"x\""),
                        400,
                        "missing_field",
                        "[0].url' is missing. Send it"),
                post(
                        me,
                        at,
                        text("\"type\":\"file\",\"url\":\"" + FILE + "\",\"text\":\"x\""),
                        400,
                        "bad_value",
                        "Send the text as a part of its own"),
                post(me, at, file("https://evil.test/a.png"), 400, "bad_value", "nothing is fetched from elsewhere"),
                post(me, at, file("http://169.254.169.254/"), 400, "bad_value", "nothing is fetched from elsewhere"),
                post(me, at, file("https://evil.test" + FILE), 400, "bad_value", "nothing is fetched from elsewhere"),
                post(me, at, file("file:///etc/passwd"), 400, "bad_value", "nothing is fetched from elsewhere"),
                post(me, at, file("data:text/plain;base64,aGk="), 400, "bad_value", "POST the file there"),
                post(me, at, text("\"type\":\"file\",\"fileId\":\"none\""), 400, "bad_value", "POST the file there"),
                post(me, at, text("\"type\":\"file\",\"fileId\":\"a.b\""), 400, "bad_id", "Use such an id"),
                post(me, at, file(FILE), 404, "unknown_file", "POST it to /api/files again"),
                post(
                        me,
                        at,
                        message("\"role\":\"user\",\"parts\":["
                                + "{\"type\":\"file\",\"url\":\"%s\"},"
                                        .formatted(FILE)
                                        .repeat(10)
                                + "{\"type\":\"file\",\"url\":\"%s\"}]".formatted(FILE)),
                        400,
                        "too_many_files",
                        "11 files, 10 are the limit. Send it as several"),
                post(me, at, text("\"type\":\"text\""), 400, "missing_field", "[0].text' is missing. Send it"),
                post(
                        me,
                        at,
                        text("\"type\":\"text\",\"text\":7"),
                        400,
                        "wrong_type",
                        "[0].text' has a value of the wrong type"),
                post(
                        me,
                        at,
                        text("\"type\":\"text\",\"text\":\"x\",\"extra\":1"),
                        400,
                        "unknown_field",
                        "[0].extra' is unknown here. Leave it out"),
                post(
                        me,
                        at,
                        message("\"role\":\"user\",\"parts\":[]"),
                        400,
                        "empty_message",
                        "Send at least one character"),
                post(
                        me,
                        at,
                        text("\"type\":\"text\",\"text\":\"\""),
                        400,
                        "empty_message",
                        "Send at least one character"),
                post(
                        me,
                        at,
                        text("\"type\":\"text\",\"text\":\" \\n\\t\""),
                        400,
                        "empty_message",
                        "Send at least one character"),
                post(
                        me,
                        at,
                        said("x".repeat(MESSAGE_CHARS + 1)),
                        400,
                        "message_too_long",
                        "65537 characters, 65536 are the limit. Shorten it"),
                post(me, at, withId("*"), 400, "bad_id", "Use such an id"),
                post(me, at, withId("a.b"), 400, "bad_id", "Use such an id"),
                post(me, at, withId("a\\r\\nb"), 400, "bad_id", "Use such an id"),
                post(me, at, withId("\\u0000"), 400, "bad_id", "Use such an id"),
                post(me, at, withId(""), 400, "bad_id", "Use such an id"),
                post(me, at, withId("x".repeat(129)), 400, "bad_id", "Use such an id"),
                new Mistake(request(me, at, said("x")).with("idempotency-key", "a b"), 400, "bad_id", "Use such an id"),
                new Mistake(
                        request(me, at, withId("k1")).with("idempotency-key", "k2"),
                        400,
                        "two_keys",
                        "Send one of them"),
                post(me, at, withId("m1"), 409, "key_reused", "Send the new message under a new key"),
                post(me, at, beside("\"agent\":\"nobody\""), 400, "bad_value", "GET /api/agents lists them"),
                post(me, at, beside("\"tier\":\"none\""), 400, "bad_value", "GET /api/tiers lists them"),
                post(me, at, beside("\"model\":\"a b\""), 400, "bad_value", "Use such a name"),
                post(me, at, beside("\"temperature\":2.1"), 400, "bad_value", "Use such a number"),
                post(me, at, beside("\"temperature\":1e999"), 400, "bad_value", "Use such a number"),
                post(me, at, beside("\"temperature\":\"1\""), 400, "wrong_type", "'temperature'"),
                post(me, at, beside("\"temperature\":NaN"), 400, "malformed_json", "Send one JSON object"),
                post(me, at, beside("\"onBusy\":\"wait\""), 400, "bad_value", "Use one of them"),
                post(me, at, beside("\"onTakeover\":\"pray\""), 400, "bad_value", "Use one of them"),
                post(me, at, beside("\"parentId\":\"none\""), 404, "unknown_message", "lists a thread's messages"),
                post(me, at, beside("\"replaces\":\"none\""), 404, "unknown_message", "lists a thread's messages"),
                post(me, at, beside("\"replaces\":\"a.b\""), 400, "bad_id", "Use such an id"),
                post(
                        me,
                        at,
                        beside("\"parentId\":\"m1\",\"replaces\":\"m1\""),
                        400,
                        "bad_value",
                        "Send one of the two"),
                post(me, at + "/none/regenerate", "{}", 404, "unknown_message", "lists a thread's messages"),
                post(me, at + "/m1/regenerate", "{\"onBusy\":\"wait\"}", 400, "bad_value", "Use one of them"),
                post(me, at + "/m1/regenerate", "{\"tier\":\"none\"}", 400, "bad_value", "GET /api/tiers lists them"),
                get(me, at + "?branch=none", 404, "unknown_message", "lists a thread's messages"),
                get(me, at + "?branch=a.b", 400, "bad_id", "Use such an id"),
                post(me, at, beside("\"a\":" + "[".repeat(100) + "]".repeat(100)), 400, "json_too_deep", "Flatten it"),
                get(me, at + "?before=x", 400, "bad_cursor", "leave the cursor out"),
                get(me, at + "?limit=0", 400, "bad_value", "a number from 1 to 500. Send such a one"),
                get(me, at + "?limit=501", 400, "bad_value", "a number from 1 to 500. Send such a one"),
                get(me, at + "?limit=many", 400, "bad_value", "a number from 1 to 500. Send such a one"));
    }

    private static List<Mistake> chats(Sender me) {
        var rows = new ArrayList<Mistake>();
        for (var at : List.of("/api/chat", "/api/threads/" + me.client() + "/chat")) {
            rows.add(post(
                    me, at, chat(me, "\"messages\":[]"), 400, "missing_field", "Send the conversation's messages"));
            rows.add(
                    post(me, at, chat(me, "\"messages\":7"), 400, "missing_field", "Send the conversation's messages"));
            rows.add(post(
                    me, at, chat(me, "\"messages\":[7]"), 400, "missing_field", "Send the conversation's messages"));
            rows.add(post(
                    me,
                    at,
                    chat(me, last("user", "\"text\":\"\"")),
                    400,
                    "empty_message",
                    "Send at least one character"));
            rows.add(post(me, at, chat(me, last("user", "\"text\":7")), 400, "bad_value", "Leave others out"));
            rows.add(post(
                    me,
                    at,
                    chat(me, shown("https://evil.test/a.png")),
                    400,
                    "bad_value",
                    "nothing is fetched from elsewhere"));
            rows.add(post(me, at, chat(me, shown(FILE)), 404, "unknown_file", "POST it to /api/files again"));
            rows.add(post(
                    me,
                    at,
                    chat(me, shown("data:image/png;base64,aGk=")),
                    415,
                    "unsupported_file",
                    "Send it as one of these"));
            rows.add(post(me, at, chat(me, shown("data:;base64,")), 400, "empty_file", "Send at least one"));
            rows.add(post(
                    me,
                    at,
                    chat(me, last("user", "\"text\":\"" + "x".repeat(MESSAGE_CHARS + 1) + "\"")),
                    400,
                    "message_too_long",
                    "Shorten it"));
            rows.add(post(
                    me,
                    at,
                    chat(me, last("assistant", "\"text\":\"x\"")),
                    409,
                    "nothing_asked",
                    "Send a message of the user last"));
            rows.add(post(
                    me, at, chat(me, last("system", "\"text\":\"x\"")), 400, "bad_value", "must be of the role user"));
            rows.add(post(
                    me,
                    at,
                    chat(me, "\"trigger\":\"regenerate-message\",\"messages\":[]"),
                    400,
                    "missing_field",
                    "Send its id as 'messageId'"));
            rows.add(post(
                    me,
                    at,
                    chat(me, "\"trigger\":\"regenerate-message\",\"messageId\":\"none\",\"messages\":[]"),
                    404,
                    "unknown_message",
                    "lists what it has"));
            rows.add(post(
                    me,
                    at,
                    chat(me, "\"trigger\":\"resume-stream\"," + last("user", "\"text\":\"x\"")),
                    400,
                    "unsupported",
                    "Use submit-message"));
            rows.add(post(
                    me,
                    at,
                    chat(me, "\"model\":\"\\u0000\"," + last("user", "\"text\":\"x\"")),
                    400,
                    "bad_value",
                    "Use such a name"));
            rows.add(post(
                    me,
                    at,
                    chat(me, "\"onBusy\":\"wait\"," + last("user", "\"text\":\"x\"")),
                    400,
                    "bad_value",
                    "Use one of them"));
            rows.add(post(
                    me,
                    at,
                    chat(me, "\"agent\":\"nobody\"," + last("user", "\"text\":\"x\"")),
                    400,
                    "bad_value",
                    "GET /api/agents lists them"));
            rows.add(post(
                    me,
                    at,
                    chat(me, "\"temperature\":1e999," + last("user", "\"text\":\"x\"")),
                    400,
                    "bad_value",
                    "Use such a number"));
            rows.add(post(
                    me,
                    at,
                    chat(
                            me,
                            "\"message\":{\"id\":\"a.b\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"x\"}]}"),
                    400,
                    "bad_id",
                    "Use such an id"));
            rows.add(post(
                    me,
                    at,
                    chat(
                            me,
                            "\"message\":{\"id\":\"m1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"other\"}]}"),
                    409,
                    "key_reused",
                    "Send the new message under a new id"));
        }
        rows.add(post(
                me, "/api/chat", "{" + last("user", "\"text\":\"x\"") + "}", 400, "missing_field", "Send it as 'id'"));
        rows.add(post(
                me,
                "/api/chat",
                "{\"id\":\">\"," + last("user", "\"text\":\"x\"") + "}",
                400,
                "bad_id",
                "Use such an id"));
        var stop = Request.of("POST", "/api/chat/" + me.client() + "/stop").with("authorization", "Bearer " + me.key());
        rows.add(new Mistake(stop.with("x-continuo-run-id", "*"), 400, "bad_id", "Use such an id"));
        rows.add(new Mistake(
                stop.with("x-continuo-run-id", me.client()), 404, "unknown_thread", "GET /api/threads lists your"));
        return rows;
    }

    private static List<Mistake> threads(Sender me) {
        var one = "/api/threads/" + me.client();
        return List.of(
                get(me, "/api/usage?from=yesterday", 400, "bad_value", "A day is like 2026-01-31"),
                get(me, "/api/usage?to=2026-02-30", 400, "bad_value", "A day is like 2026-01-31"),
                get(me, "/api/usage?to=99999-01-01", 400, "bad_value", "A day is like 2026-01-31"),
                get(me, "/api/usage?from=2026-01-02&to=2026-01-01", 400, "bad_value", "Send such days"),
                get(me, "/api/usage?from=2020-01-01&to=2026-01-01", 400, "bad_value", "Send such days"),
                get(me, "/api/usage/threads?limit=0", 400, "bad_value", "limit"),
                get(me, "/api/usage/threads?cursor=x", 400, "bad_cursor", "cursor"),
                post(me, "/api/threads", "{\"id\":\"*\"}", 400, "bad_id", "Use such an id"),
                post(me, "/api/threads", "{\"id\":7}", 400, "wrong_type", "'id'"),
                post(me, "/api/threads", "{\"title\":\"\"}", 400, "bad_value", "1 to 200 characters"),
                post(
                        me,
                        "/api/threads",
                        "{\"title\":\"" + "x".repeat(201) + "\"}",
                        400,
                        "bad_value",
                        "1 to 200 characters"),
                post(me, "/api/threads", "{\"agent\":\"nobody\"}", 400, "bad_value", "GET /api/agents lists them"),
                patch(me, one, "{\"archived\":\"yes\"}", 400, "wrong_type", "'archived'"),
                patch(me, one, "{\"title\":\" \"}", 400, "bad_value", "1 to 200 characters"),
                get(me, "/api/threads?state=busy", 400, "bad_value", "The state is one of"),
                get(me, "/api/threads?archived=perhaps", 400, "bad_value", "true or false"),
                get(me, "/api/threads?cursor=x", 400, "bad_cursor", "leave the cursor out"),
                get(me, "/api/threads?limit=1e9", 400, "bad_value", "a number from 1 to 200"),
                get(me, "/api/threads?q=%00", 400, "bad_query", "Percent-encode its values"),
                get(me, "/api/threads?q=a|b", 400, "bad_query", "Percent-encode its values"),
                get(me, one + "/runs?cursor=-1", 400, "bad_cursor", "leave the cursor out"),
                get(me, "/api/runs/" + me.run() + "/log?cursor=x", 400, "bad_cursor", "leave the cursor out"),
                get(me, "/api/runs/" + me.run() + "/log?limit=1001", 400, "bad_value", "a number from 1 to 1000"),
                get(me, one + "/runs?limit=x", 400, "bad_value", "a number from 1 to 200"),
                get(me, "/api/threads?q=eyJhbGciOiJub25lIn0.e30.", 400, "credentials_in_url", "revoke it"),
                get(me, "/api/admin/runs?state=busy", 400, "bad_value", "The state is one of"),
                get(me, "/api/admin/runs?cursor=x", 400, "bad_cursor", "leave the cursor out"),
                get(me, "/api/admin/runs?limit=x", 400, "bad_value", "a number from 1 to 200"),
                post(
                        me,
                        "/api/admin/runs/" + me.run() + "/release",
                        "{}",
                        409,
                        "not_running",
                        "There is nothing to release"),
                post(
                        me,
                        "/api/runs/" + me.run() + "/cancel",
                        "{}",
                        409,
                        "already_finished",
                        "There is nothing left to cancel"),
                new Mistake(
                        request(me, "/api/runs/" + me.run(), "").method("DELETE"),
                        409,
                        "already_finished",
                        "There is nothing left to cancel"),
                post(me, answer(me), "{\"approved\":true}", 400, "missing_field", "Send it"),
                post(me, answer(me), "{\"callId\":\"c\"}", 400, "missing_field", "Send it"),
                post(
                        me,
                        answer(me),
                        "{\"callId\":\"c\",\"approved\":true,\"output\":1}",
                        400,
                        "bad_value",
                        "Send one of them"),
                post(
                        me,
                        answer(me),
                        "{\"callId\":\"c\",\"approved\":false,\"reason\":\"" + "x".repeat(2_001) + "\"}",
                        400,
                        "bad_value",
                        "needs 1 to 2000 characters"),
                post(me, answer(me), "{\"callId\":\"c\",\"approved\":true}", 409, "nothing_asked", "GET the run"));
    }

    private static String answer(Sender me) {
        return "/api/runs/" + me.run() + "/answer";
    }

    private static List<Mistake> streams(Sender me) {
        return List.of(
                get(me, "/api/runs/" + me.run() + "/attach?visibility=all", 400, "bad_visibility", "Use one of them"),
                get(me, "/api/chat/" + me.run() + "/stream?startIndex=first", 400, "bad_value", "Leave it out"),
                new Mistake(
                        request(me, "/api/threads/" + me.client() + "/attach", "")
                                .method("HEAD"),
                        405,
                        "",
                        ""),
                new Mistake(request(me, "/api/runs/" + me.run() + "/attach", "").method("HEAD"), 405, "", ""),
                new Mistake(request(me, "/api/chat/" + me.run() + "/stream", "").method("HEAD"), 405, "", ""),
                new Mistake(request(me, "/api/events", "").method("HEAD"), 405, "", ""));
    }

    private static List<Mistake> keysAndTickets(Sender me) {
        return List.of(
                post(me, "/api/tickets", "{}", 400, "bad_resource", "without a query"),
                post(me, "/api/tickets", "{\"resource\":7}", 400, "wrong_type", "'resource'"),
                post(me, "/api/tickets", "{\"resource\":\"/api/keys\"}", 400, "bad_resource", "without a query"),
                post(me, "/api/tickets", "{\"resource\":\"/api/events?x=1\"}", 400, "bad_resource", "without a query"),
                post(me, "/api/tickets", "{\"resource\":\"/api/threads/*/attach\"}", 400, "bad_id", "Use such an id"),
                post(me, "/api/keys", "{}", 400, "bad_value", "Send such a text"),
                post(me, "/api/keys", "{\"name\":7}", 400, "wrong_type", "'name'"),
                post(me, "/api/keys", "{\"name\":\"a\\u0000\"}", 400, "bad_value", "printable characters"),
                post(me, "/api/keys", "{\"name\":\"a\\ud800\"}", 400, "bad_value", "printable characters"),
                post(
                        me,
                        "/api/keys",
                        "{\"name\":\"" + "x".repeat(129) + "\"}",
                        400,
                        "bad_value",
                        "printable characters"),
                post(me, "/api/keys", "{\"name\":\"x\",\"role\":\"king\"}", 400, "bad_value", "Use one of them"),
                post(me, "/api/keys", "{\"name\":\"x\",\"scopes\":\"chat\"}", 400, "wrong_type", "'scopes'"),
                post(me, "/api/keys", "{\"name\":\"x\",\"scopes\":[\"all\"]}", 400, "bad_value", "Use some of them"),
                post(me, "/api/keys", "{\"name\":\"x\",\"scopes\":[]}", 400, "bad_value", "at least one scope"),
                post(
                        me,
                        "/api/keys",
                        "{\"name\":\"x\",\"expiresAt\":\"soon\"}",
                        400,
                        "bad_value",
                        "Write the time as ISO-8601"),
                post(
                        me,
                        "/api/keys",
                        "{\"name\":\"x\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}",
                        400,
                        "bad_value",
                        "Choose one to come"),
                post(
                        me,
                        "/api/keys",
                        "{\"name\":\"x\",\"role\":\"admin\"}",
                        403,
                        "beyond_own_rights",
                        "cannot make a key that is more"),
                post(
                        me,
                        "/api/keys",
                        "{\"name\":\"x\",\"subject\":\"boss\"}",
                        403,
                        "beyond_own_rights",
                        "Leave the subject out"),
                post(
                        me,
                        "/api/keys",
                        "{\"name\":\"x\",\"organisation\":\"elsewhere\"}",
                        403,
                        "beyond_own_rights",
                        "Leave it out"));
    }

    private static List<Mistake> anywhere(Sender me) {
        return List.of(
                get(me, "/api", 404, "not_found", "Compare it with /openapi/ui"),
                get(me, "/api/nothing", 404, "not_found", "Compare it with /openapi/ui"),
                get(me, "/api//threads", 404, "not_found", "Compare it with /openapi/ui"),
                new Mistake(
                        request(me, "/api/threads", "{}").with("content-type", "garbage"),
                        415,
                        "unsupported_media_type",
                        "Content-Type: application/json"));
    }

    private static Mistake get(Sender me, String target, int status, String code, String says) {
        return new Mistake(request(me, target, ""), status, code, says);
    }

    private static Mistake post(Sender me, String target, String body, int status, String code, String says) {
        return new Mistake(request(me, target, body), status, code, says);
    }

    private static Mistake patch(Sender me, String target, String body, int status, String code, String says) {
        return new Mistake(request(me, target, body).method("PATCH"), status, code, says);
    }

    private static Request request(Sender me, String target, String body) {
        var request = Request.of(body.isEmpty() ? "GET" : "POST", target).with("authorization", "Bearer " + me.key());
        return body.isEmpty() ? request : request.json(body);
    }

    private static String message(String members) {
        return "{\"message\":{" + members + "}}";
    }

    private static String file(String url) {
        return text("\"type\":\"file\",\"url\":\"" + url + "\"");
    }

    /** A chat client's message that is a file. */
    private static String shown(String url) {
        return "\"messages\":[{\"role\":\"user\",\"parts\":[{\"type\":\"file\",\"url\":\"" + url + "\"}]}]";
    }

    private static String text(String part) {
        return message("\"role\":\"user\",\"parts\":[{" + part + "}]");
    }

    private static String said(String words) {
        return text("\"type\":\"text\",\"text\":\"" + words + "\"");
    }

    private static String withId(String id) {
        return message("\"id\":\"" + id + "\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"x\"}]");
    }

    private static String beside(String member) {
        return "{" + member + "," + said("x").substring(1);
    }

    private static String chat(Sender me, String members) {
        return "{\"id\":\"" + me.client() + "\"," + members + "}";
    }

    private static String last(String role, String member) {
        return "\"messages\":[{\"id\":\"new\",\"role\":\"" + role + "\",\"parts\":[{\"type\":\"text\"," + member
                + "}]}]";
    }
}
