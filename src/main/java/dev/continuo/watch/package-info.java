/**
 * The state of all conversations of a caller as one stream without positions: every connect begins with what is
 * unfinished or has just changed, and goes on with changes. A terminal state is only told once its message can be read.
 * It refuses to carry any text of a run: that is what {@code attach} is for.
 */
package dev.continuo.watch;
