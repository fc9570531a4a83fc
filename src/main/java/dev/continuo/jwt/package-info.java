/**
 * Tokens of an OpenID issuer. Promises that a token is good only if a key that the issuer publishes today signed exactly
 * these claims, by an algorithm of the list, for this audience, and not longer ago than it says; and that nothing is good
 * while the issuer's keys are not known. Refuses to know what a caller may.
 */
package dev.continuo.jwt;
