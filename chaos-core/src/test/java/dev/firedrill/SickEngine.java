package dev.firedrill;

import dev.firedrill.fault.Fault;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Prepared;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import dev.firedrill.spi.UndoRecord;

/** A user's own engine with a fault of its own: a server is sick, and well again some time after it was healed. */
final class SickEngine implements Engine {

    private final Runnable fallIll;
    private final Runnable beginToRecover;

    SickEngine(Runnable fallIll, Runnable beginToRecover) {
        this.fallIll = fallIll;
        this.beginToRecover = beginToRecover;
    }

    record Sick() implements Fault {

        @Override
        public String kind() {
            return "sick";
        }

        @Override
        public Place place() {
            return Place.LINK;
        }
    }

    @Override
    public String name() {
        return "sick";
    }

    @Override
    public Support supports(Fault fault, Resolved target) {
        return fault instanceof Sick ? Support.YES : Support.no("it makes sick only");
    }

    @Override
    public Prepared prepare(Occurrence occurrence) {
        return new Prepared() {
            @Override
            public UndoRecord undo() {
                return UndoRecord.DIES_WITH_JVM;
            }

            @Override
            public ActiveFault activate() {
                fallIll.run();
                occurrence.target().links().forEach(link -> occurrence.effects().touched(link, true));
                return beginToRecover::run;
            }
        };
    }

    @Override
    public String undo(UndoRecord record) {
        return "";
    }
}
