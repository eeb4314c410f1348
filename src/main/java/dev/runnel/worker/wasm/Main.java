package dev.runnel.worker.wasm;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The worker process: {@code Main LARGEST_MODULE_BYTES}. Runs what it is told to over its standard
 * input, one order after the other, and ends when that closes, whatever it is doing then.
 */
public final class Main {
  /** Something of the process's own has failed. */
  private static final int BROKEN = 3;

  private Main() {}

  /** Never returns by itself. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Thread.setDefaultUncaughtExceptionHandler((_, failure) -> {
      new PrintStream(new FileOutputStream(FileDescriptor.err), true).println(failure);
      Runtime.getRuntime().halt(BROKEN);
    });
    var largest = Long.parseLong(args[0]);
    var out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    // Whatever a library prints must not get among the words, nor fill a pipe that nobody reads.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    System.setErr(System.out);
    var orders = new LinkedBlockingQueue<Order>();
    Thread.ofPlatform().daemon().name("orders").start(() -> listen(orders));
    var modules = new Modules();
    while (true) {
      var order = orders.take();
      new Word.Begun().write(out);
      var speaker = new Speaker(out);
      var end = new Round(order, modules, speaker, largest).play();
      speaker.end(end);
      if (end.worn()) {
        Runtime.getRuntime().halt(0);
      }
    }
  }

  private static void listen(BlockingQueue<Order> orders) {
    try (var in = new DataInputStream(new FileInputStream(FileDescriptor.in))) {
      while (true) {
        orders.add(Order.read(in));
      }
    } catch (IOException closed) {
      Runtime.getRuntime().halt(0);
    }
  }
}
