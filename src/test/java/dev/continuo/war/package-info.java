/** The WAR that Maven built, deployed to Liberty by Arquillian. Refuses to know its classes: it speaks HTTP. */
package dev.continuo.war;
