/**
 * The edge of HTTP: strict JSON in, JSON and problems out, limits, and what a request must look like before anybody
 * reads it. Promises: a refusal always has a status, a stable code and a sentence that says what to do, and it never
 * shows what went wrong inside. Refuses to know callers, threads and runs.
 */
package dev.continuo.web;
