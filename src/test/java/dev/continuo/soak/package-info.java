/**
 * The whole system under random faults: a seeded plan of faults on a real cluster, load, watchers that come and go, and a
 * checker that knows the invariants and nothing of the product's code. {@link dev.continuo.soak.Soak} runs it; everything
 * that decides (plans, folds, checks, the report) is pure and has tests of its own, in which each invariant is broken on
 * purpose.
 */
package dev.continuo.soak;
