package dev.continuo.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** This resource takes larger bodies: what chat clients post, {@code continuo.limits.chat-body-bytes}, or a file,
 * {@code continuo.limits.file-bytes}. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface MaxBody {
    enum Size {
        MESSAGE,
        HISTORY,
        FILE
    }

    Size value();
}
