/** AI chat turns that survive anything. */
package dev.continuo;
