/**
 * What users attach to their messages: images, PDFs and texts, in the database like everything else that must not be
 * lost. Promises that a file is what its bytes say it is, whatever it was called; that only its sender, and who may read
 * its thread, gets it; and that it goes with its thread. Refuses to know what is done with it, and to fetch anything from
 * anywhere.
 */
package dev.continuo.file;
