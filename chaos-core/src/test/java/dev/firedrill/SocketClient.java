package dev.firedrill;

import dev.firedrill.Answer.How;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Supplier;

/** The test as a client, over a bare socket. */
record SocketClient(Supplier<InetSocketAddress> address) implements PlainClient {

    private static final int PENDING_MILLIS = 50;

    @Override
    public String name() {
        return Link.TEST;
    }

    @Override
    public Talk open() throws IOException {
        Open open = new Open(connect());
        if (!open.ask(Question.PING).isAnswered()) {
            throw new IOException("no answer before the fault");
        }
        return open;
    }

    @Override
    public Answer ask(Question question) throws IOException {
        try (Open open = new Open(connect())) {
            return open.ask(question);
        } catch (ConnectException e) {
            return Answer.of(How.REFUSED);
        } catch (SocketTimeoutException e) {
            return Answer.of(How.SILENT);
        } catch (SocketException e) {
            return Answer.of(How.RESET); // so soon that connecting was not over
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address.get(), (int) LIMIT.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private record Open(Socket socket) implements Talk {

        @Override
        public Answer ask(Question question) throws IOException {
            Answer pending = read(Question.PING.count, PENDING_MILLIS);
            if (pending.how() != How.SILENT) {
                return pending; // late, to an earlier question, or the end
            }
            try {
                socket.getOutputStream().write(question.bytes());
            } catch (IOException e) {
                return Answer.of(How.RESET);
            }
            return read(question.count, (int) LIMIT.toMillis());
        }

        private Answer read(int count, int millis) throws IOException {
            long begun = System.nanoTime();
            try {
                socket.setSoTimeout(millis);
                int got = socket.getInputStream().readNBytes(count).length;
                return new Answer(got < count ? How.CLOSED : How.ANSWERED, Duration.ofNanos(System.nanoTime() - begun));
            } catch (SocketTimeoutException e) {
                return Answer.of(How.SILENT);
            } catch (IOException e) {
                return Answer.of(How.RESET);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
