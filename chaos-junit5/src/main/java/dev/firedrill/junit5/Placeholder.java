package dev.firedrill.junit5;

/** Stands in until the first real annotation: javadoc refuses a module without a type. */
public @interface Placeholder {}
