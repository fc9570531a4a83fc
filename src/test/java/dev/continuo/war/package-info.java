/** The WAR that Maven built, deployed to Liberty by Arquillian. Speaks HTTP; of its classes it knows only which paths they
 * declare, so that none is left without a test. */
package dev.continuo.war;
