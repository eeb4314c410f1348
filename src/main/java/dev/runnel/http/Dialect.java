package dev.runnel.http;

import java.util.Map;

/**
 * One door's way of speaking: its routes, the shape of its errors, what goes with each answer.
 *
 * @param prefix paths that start with this and have no route are answered in this dialect's shape;
 *     the longest prefix wins, {@code "/"} is for all others
 * @param bodyLimit largest request body in bytes
 * @param headers of every answer
 * @param errors how it says no
 */
public record Dialect(
    String prefix, Routes routes, long bodyLimit, Map<String, String> headers, Wording errors) {}
