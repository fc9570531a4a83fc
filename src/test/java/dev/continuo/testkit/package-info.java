/** What tests are made of: real servers that can be killed and started again, a provider that follows a script, clients
 * that can be cut at any byte, a clock that moves by hand. Promises that nothing outlives the JVM that started it; refuses
 * to know how Continuo works inside, apart from its schema. */
package dev.continuo.testkit;
