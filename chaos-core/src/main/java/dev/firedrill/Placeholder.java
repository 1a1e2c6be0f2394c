package dev.firedrill;

/** Stands in until the first real type: javadoc refuses a module without one. */
public interface Placeholder {}
