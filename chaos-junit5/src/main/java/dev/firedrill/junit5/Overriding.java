package dev.firedrill.junit5;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** Tells whether a method overrides another one, as the language defines it. */
final class Overriding {

    private Overriding() {}

    static boolean isOverridden(Method far, Method near) {
        return isSubclass(near.getDeclaringClass(), far.getDeclaringClass())
                && far.getName().equals(near.getName())
                && !far.isSynthetic()
                && isVisible(far, near)
                && takesTheSame(far, near);
    }

    private static boolean isSubclass(Class<?> near, Class<?> far) {
        return near != far && far.isAssignableFrom(near);
    }

    private static boolean isVisible(Method far, Method near) {
        int modifiers = far.getModifiers();
        if (Modifier.isStatic(modifiers) || Modifier.isPrivate(modifiers)) {
            return false;
        }
        return Modifier.isPublic(modifiers)
                || Modifier.isProtected(modifiers)
                || far.getDeclaringClass()
                        .getPackageName()
                        .equals(near.getDeclaringClass().getPackageName());
    }

    private static boolean takesTheSame(Method far, Method near) {
        if (far.getParameterCount() != near.getParameterCount()) {
            return false;
        }
        for (int i = 0; i < far.getParameterCount(); i++) {
            Class<?> wide = far.getParameterTypes()[i];
            Class<?> narrow = near.getParameterTypes()[i];
            // what stands for a type variable may be narrower than its erasure
            boolean generic = !(far.getGenericParameterTypes()[i] instanceof Class);
            if (wide != narrow && !(generic && wide.isAssignableFrom(narrow))) {
                return false;
            }
        }
        return true;
    }
}
