package dev.runnel.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two things measured in turns, so that what else the machine does meets both.
 *
 * @param base a list of rounds
 * @param other the same rounds of what is compared with it
 */
record InTurns(List<Samples> base, List<Samples> other) {
  /** Samples of one turn. */
  static final int TURN = 25;

  /** Takes so many samples one after the other. */
  interface Measured {
    Samples take(int count) throws IOException;
  }

  /** So many rounds of so many turns each. */
  static InTurns of(int rounds, int turns, Measured base, Measured other) throws IOException {
    var bases = new ArrayList<Samples>();
    var others = new ArrayList<Samples>();
    for (var round = 0; round < rounds; round++) {
      var ofBase = new ArrayList<Samples>();
      var ofOther = new ArrayList<Samples>();
      for (var turn = 0; turn < turns; turn++) {
        ofBase.add(base.take(TURN));
        ofOther.add(other.take(TURN));
      }
      bases.add(Samples.all(ofBase));
      others.add(Samples.all(ofOther));
    }
    return new InTurns(bases, others);
  }

  Samples allOfBase() {
    return Samples.all(base);
  }

  Samples allOfOther() {
    return Samples.all(other);
  }

  int samples() {
    return other.stream().mapToInt(round -> round.sorted().length).sum();
  }

  /** Of each round: its median over the base's. */
  List<Double> ratios() {
    var ratios = new ArrayList<Double>();
    for (var i = 0; i < base.size(); i++) {
      ratios.add(other.get(i).p50() / base.get(i).p50());
    }
    return ratios;
  }

  /** The ratio in the middle. */
  double ratio() {
    return Samples.median(ratios());
  }

  /** The best round of one over the best round of the other: what is left without the noise. */
  double bestRatio() {
    return best(other) / best(base);
  }

  private static double best(List<Samples> rounds) {
    return Samples.least(rounds.stream().map(Samples::p50).toList());
  }

  @Override
  public String toString() {
    return "best p50 %.2f ms to %.2f ms, %.2f times; p50 %.2f ms to %.2f ms, ratios of rounds %s"
        .formatted(
            best(base),
            best(other),
            bestRatio(),
            allOfBase().p50(),
            allOfOther().p50(),
            ratios().stream().map("%.2f"::formatted).toList());
  }
}
