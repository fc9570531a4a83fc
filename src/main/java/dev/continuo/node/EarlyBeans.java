package dev.continuo.node;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Makes every bean with a proxy before anything else runs. The container makes their proxies and interceptors at the
 * first call, under locks of the module system. A virtual thread that loads a class cannot leave its carrier while it
 * waits for such a lock, and one that was just granted it needs a carrier to go on: with as few carriers as a small
 * machine has, a node then never starts (seen, with two).
 */
@Singleton
public class EarlyBeans {
    private final BeanManager beans;

    @Inject
    EarlyBeans(BeanManager beans) {
        this.beans = beans;
    }

    void start(@Observes @Priority(1) @Initialized(ApplicationScoped.class) Object application) {
        beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .filter(bean -> bean.getScope() == ApplicationScoped.class
                        && bean.getBeanClass().getPackageName().startsWith("dev.continuo"))
                .forEach(this::make);
    }

    /** Any call makes the instance behind a proxy. */
    private void make(Bean<?> bean) {
        beans.getReference(bean, Object.class, beans.createCreationalContext(bean))
                .toString();
    }
}
