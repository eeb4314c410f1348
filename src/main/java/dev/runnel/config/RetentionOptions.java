package dev.runnel.config;

/** How long the records of runs are kept, with their output. */
public record RetentionOptions(
    @Option(
            variable = "RUNNEL_RUN_RETENTION_DAYS",
            initial = "30",
            min = "0",
            max = "36500",
            meaning =
                "Days after its end that a run's record and output are kept; `0` keeps them for"
                    + " ever.")
        int days,
    @Option(
            variable = "RUNNEL_RUN_RETENTION_COUNT",
            initial = "10000",
            min = "0",
            max = "10000000",
            meaning =
                "Finished runs that are kept of each script; `0` keeps all. One that ended less"
                    + " than an hour ago is kept anyway; runs without a script go by age only.")
        int count) {}
