package dev.firedrill.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Reads requests, and tells whether it is in the middle of one. */
final class RequestDecoder extends HttpRequestDecoder {

    private boolean inside;

    RequestDecoder(int maxLine, int maxHeaders, int maxChunk) {
        super(maxLine, maxHeaders, maxChunk);
    }

    @Override
    protected HttpMessage createMessage(String[] firstLine) throws Exception {
        inside = true;
        return super.createMessage(firstLine);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        super.decode(context, bytes, out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            inside = false;
        }
    }

    /** Something has come, and is no whole request. */
    boolean hasBegun() {
        return inside || actualReadableBytes() > 0;
    }
}
