// Made by scripts/embed-warehouse: one array for each file of warehouse/, and their table.
#pragma clang diagnostic ignored "-Wc23-extensions"

struct file {
    const char *path;
    const unsigned char *bytes;
    size_t size;
};

static const unsigned char file_0[] = {
#embed "../../warehouse/checks/adjustments_correct_what_is_closed.sql" suffix(, )
0};

static const unsigned char file_1[] = {
#embed "../../warehouse/checks/closed_payouts_stand.sql" suffix(, )
0};

static const unsigned char file_2[] = {
#embed "../../warehouse/checks/events_are_identities.sql" suffix(, )
0};

static const unsigned char file_3[] = {
#embed "../../warehouse/checks/every_line_is_accounted_for.sql" suffix(, )
0};

static const unsigned char file_4[] = {
#embed "../../warehouse/checks/money_adds_up.sql" suffix(, )
0};

static const unsigned char file_5[] = {
#embed "../../warehouse/checks/one_use_per_user_and_day.sql" suffix(, )
0};

static const unsigned char file_6[] = {
#embed "../../warehouse/checks/remainders_are_small.sql" suffix(, )
0};

static const unsigned char file_7[] = {
#embed "../../warehouse/checks/unrated_uses_are_known.sql" suffix(, )
0};

static const unsigned char file_8[] = {
#embed "../../warehouse/checks/uses_add_up.sql" suffix(, )
0};

static const unsigned char file_9[] = {
#embed "../../warehouse/dbt_project.yml" suffix(, )
0};

static const unsigned char file_10[] = {
#embed "../../warehouse/defaults/caps.csv" suffix(, )
0};

static const unsigned char file_11[] = {
#embed "../../warehouse/defaults/counting.csv" suffix(, )
0};

static const unsigned char file_12[] = {
#embed "../../warehouse/defaults/periods.csv" suffix(, )
0};

static const unsigned char file_13[] = {
#embed "../../warehouse/defaults/rates.csv" suffix(, )
0};

static const unsigned char file_14[] = {
#embed "../../warehouse/macros/by_days.sql" suffix(, )
0};

static const unsigned char file_15[] = {
#embed "../../warehouse/macros/columns.sql" suffix(, )
0};

static const unsigned char file_16[] = {
#embed "../../warehouse/macros/engines.sql" suffix(, )
0};

static const unsigned char file_17[] = {
#embed "../../warehouse/macros/schemas.sql" suffix(, )
0};

static const unsigned char file_18[] = {
#embed "../../warehouse/macros/unique_together.sql" suffix(, )
0};

static const unsigned char file_19[] = {
#embed "../../warehouse/models/daily/creator_daily.sql" suffix(, )
0};

static const unsigned char file_20[] = {
#embed "../../warehouse/models/daily/daily.sql" suffix(, )
0};

static const unsigned char file_21[] = {
#embed "../../warehouse/models/daily/daily.yml" suffix(, )
0};

static const unsigned char file_22[] = {
#embed "../../warehouse/models/daily/deliveries_daily.sql" suffix(, )
0};

static const unsigned char file_23[] = {
#embed "../../warehouse/models/daily/exposures_daily.sql" suffix(, )
0};

static const unsigned char file_24[] = {
#embed "../../warehouse/models/daily/intake_daily.sql" suffix(, )
0};

static const unsigned char file_25[] = {
#embed "../../warehouse/models/daily/quarantine.sql" suffix(, )
0};

static const unsigned char file_26[] = {
#embed "../../warehouse/models/daily/rated_uses.sql" suffix(, )
0};

static const unsigned char file_27[] = {
#embed "../../warehouse/models/daily/unrated_uses.sql" suffix(, )
0};

static const unsigned char file_28[] = {
#embed "../../warehouse/models/payouts/adjustments.sql" suffix(, )
0};

static const unsigned char file_29[] = {
#embed "../../warehouse/models/payouts/payouts.sql" suffix(, )
0};

static const unsigned char file_30[] = {
#embed "../../warehouse/models/payouts/payouts.yml" suffix(, )
0};

static const unsigned char file_31[] = {
#embed "../../warehouse/models/payouts/period_totals.sql" suffix(, )
0};

static const unsigned char file_32[] = {
#embed "../../warehouse/models/staging/sources.yml" suffix(, )
0};

static const unsigned char file_33[] = {
#embed "../../warehouse/models/staging/staging.yml" suffix(, )
0};

static const unsigned char file_34[] = {
#embed "../../warehouse/models/staging/stg_events.sql" suffix(, )
0};

static const unsigned char file_35[] = {
#embed "../../warehouse/models/staging/stg_repeats.sql" suffix(, )
0};

static const unsigned char file_36[] = {
#embed "../../warehouse/models/usages/counted_usages.sql" suffix(, )
0};

static const unsigned char file_37[] = {
#embed "../../warehouse/models/usages/deliveries.sql" suffix(, )
0};

static const unsigned char file_38[] = {
#embed "../../warehouse/models/usages/first_events.sql" suffix(, )
0};

static const unsigned char file_39[] = {
#embed "../../warehouse/models/usages/merged_events.sql" suffix(, )
0};

static const unsigned char file_40[] = {
#embed "../../warehouse/models/usages/usages.sql" suffix(, )
0};

static const unsigned char file_41[] = {
#embed "../../warehouse/models/usages/usages.yml" suffix(, )
0};

static const unsigned char file_42[] = {
#embed "../../warehouse/models/usages/use_candidates.sql" suffix(, )
0};

static const unsigned char file_43[] = {
#embed "../../warehouse/profiles.yml" suffix(, )
0};

static const unsigned char file_44[] = {
#embed "../../warehouse/requirements-spark.txt" suffix(, )
0};

static const unsigned char file_45[] = {
#embed "../../warehouse/requirements.txt" suffix(, )
0};

static const unsigned char file_46[] = {
#embed "../../warehouse/vitrine_warehouse/__init__.py" suffix(, )
0};

static const unsigned char file_47[] = {
#embed "../../warehouse/vitrine_warehouse/__main__.py" suffix(, )
0};

static const unsigned char file_48[] = {
#embed "../../warehouse/vitrine_warehouse/catalog.py" suffix(, )
0};

static const unsigned char file_49[] = {
#embed "../../warehouse/vitrine_warehouse/compaction.py" suffix(, )
0};

static const unsigned char file_50[] = {
#embed "../../warehouse/vitrine_warehouse/configuration.py" suffix(, )
0};

static const unsigned char file_51[] = {
#embed "../../warehouse/vitrine_warehouse/dayfiles.py" suffix(, )
0};

static const unsigned char file_52[] = {
#embed "../../warehouse/vitrine_warehouse/engine.py" suffix(, )
0};

static const unsigned char file_53[] = {
#embed "../../warehouse/vitrine_warehouse/evidence.py" suffix(, )
0};

static const unsigned char file_54[] = {
#embed "../../warehouse/vitrine_warehouse/exports.py" suffix(, )
0};

static const unsigned char file_55[] = {
#embed "../../warehouse/vitrine_warehouse/faults.py" suffix(, )
0};

static const unsigned char file_56[] = {
#embed "../../warehouse/vitrine_warehouse/guard.py" suffix(, )
0};

static const unsigned char file_57[] = {
#embed "../../warehouse/vitrine_warehouse/history.py" suffix(, )
0};

static const unsigned char file_58[] = {
#embed "../../warehouse/vitrine_warehouse/landing.py" suffix(, )
0};

static const unsigned char file_59[] = {
#embed "../../warehouse/vitrine_warehouse/layout.py" suffix(, )
0};

static const unsigned char file_60[] = {
#embed "../../warehouse/vitrine_warehouse/lines.py" suffix(, )
0};

static const unsigned char file_61[] = {
#embed "../../warehouse/vitrine_warehouse/lock.py" suffix(, )
0};

static const unsigned char file_62[] = {
#embed "../../warehouse/vitrine_warehouse/marts.py" suffix(, )
0};

static const unsigned char file_63[] = {
#embed "../../warehouse/vitrine_warehouse/models.py" suffix(, )
0};

static const unsigned char file_64[] = {
#embed "../../warehouse/vitrine_warehouse/numbers.py" suffix(, )
0};

static const unsigned char file_65[] = {
#embed "../../warehouse/vitrine_warehouse/progress.py" suffix(, )
0};

static const unsigned char file_66[] = {
#embed "../../warehouse/vitrine_warehouse/repeats.py" suffix(, )
0};

static const unsigned char file_67[] = {
#embed "../../warehouse/vitrine_warehouse/run.py" suffix(, )
0};

static const unsigned char file_68[] = {
#embed "../../warehouse/vitrine_warehouse/segments.py" suffix(, )
0};

static const unsigned char file_69[] = {
#embed "../../warehouse/vitrine_warehouse/sources.py" suffix(, )
0};

static const unsigned char file_70[] = {
#embed "../../warehouse/vitrine_warehouse/spark.py" suffix(, )
0};

static const unsigned char file_71[] = {
#embed "../../warehouse/vitrine_warehouse/statements.py" suffix(, )
0};

static const struct file files[] = {
    {"checks/adjustments_correct_what_is_closed.sql", file_0, sizeof file_0},
    {"checks/closed_payouts_stand.sql", file_1, sizeof file_1},
    {"checks/events_are_identities.sql", file_2, sizeof file_2},
    {"checks/every_line_is_accounted_for.sql", file_3, sizeof file_3},
    {"checks/money_adds_up.sql", file_4, sizeof file_4},
    {"checks/one_use_per_user_and_day.sql", file_5, sizeof file_5},
    {"checks/remainders_are_small.sql", file_6, sizeof file_6},
    {"checks/unrated_uses_are_known.sql", file_7, sizeof file_7},
    {"checks/uses_add_up.sql", file_8, sizeof file_8},
    {"dbt_project.yml", file_9, sizeof file_9},
    {"defaults/caps.csv", file_10, sizeof file_10},
    {"defaults/counting.csv", file_11, sizeof file_11},
    {"defaults/periods.csv", file_12, sizeof file_12},
    {"defaults/rates.csv", file_13, sizeof file_13},
    {"macros/by_days.sql", file_14, sizeof file_14},
    {"macros/columns.sql", file_15, sizeof file_15},
    {"macros/engines.sql", file_16, sizeof file_16},
    {"macros/schemas.sql", file_17, sizeof file_17},
    {"macros/unique_together.sql", file_18, sizeof file_18},
    {"models/daily/creator_daily.sql", file_19, sizeof file_19},
    {"models/daily/daily.sql", file_20, sizeof file_20},
    {"models/daily/daily.yml", file_21, sizeof file_21},
    {"models/daily/deliveries_daily.sql", file_22, sizeof file_22},
    {"models/daily/exposures_daily.sql", file_23, sizeof file_23},
    {"models/daily/intake_daily.sql", file_24, sizeof file_24},
    {"models/daily/quarantine.sql", file_25, sizeof file_25},
    {"models/daily/rated_uses.sql", file_26, sizeof file_26},
    {"models/daily/unrated_uses.sql", file_27, sizeof file_27},
    {"models/payouts/adjustments.sql", file_28, sizeof file_28},
    {"models/payouts/payouts.sql", file_29, sizeof file_29},
    {"models/payouts/payouts.yml", file_30, sizeof file_30},
    {"models/payouts/period_totals.sql", file_31, sizeof file_31},
    {"models/staging/sources.yml", file_32, sizeof file_32},
    {"models/staging/staging.yml", file_33, sizeof file_33},
    {"models/staging/stg_events.sql", file_34, sizeof file_34},
    {"models/staging/stg_repeats.sql", file_35, sizeof file_35},
    {"models/usages/counted_usages.sql", file_36, sizeof file_36},
    {"models/usages/deliveries.sql", file_37, sizeof file_37},
    {"models/usages/first_events.sql", file_38, sizeof file_38},
    {"models/usages/merged_events.sql", file_39, sizeof file_39},
    {"models/usages/usages.sql", file_40, sizeof file_40},
    {"models/usages/usages.yml", file_41, sizeof file_41},
    {"models/usages/use_candidates.sql", file_42, sizeof file_42},
    {"profiles.yml", file_43, sizeof file_43},
    {"requirements-spark.txt", file_44, sizeof file_44},
    {"requirements.txt", file_45, sizeof file_45},
    {"vitrine_warehouse/__init__.py", file_46, sizeof file_46},
    {"vitrine_warehouse/__main__.py", file_47, sizeof file_47},
    {"vitrine_warehouse/catalog.py", file_48, sizeof file_48},
    {"vitrine_warehouse/compaction.py", file_49, sizeof file_49},
    {"vitrine_warehouse/configuration.py", file_50, sizeof file_50},
    {"vitrine_warehouse/dayfiles.py", file_51, sizeof file_51},
    {"vitrine_warehouse/engine.py", file_52, sizeof file_52},
    {"vitrine_warehouse/evidence.py", file_53, sizeof file_53},
    {"vitrine_warehouse/exports.py", file_54, sizeof file_54},
    {"vitrine_warehouse/faults.py", file_55, sizeof file_55},
    {"vitrine_warehouse/guard.py", file_56, sizeof file_56},
    {"vitrine_warehouse/history.py", file_57, sizeof file_57},
    {"vitrine_warehouse/landing.py", file_58, sizeof file_58},
    {"vitrine_warehouse/layout.py", file_59, sizeof file_59},
    {"vitrine_warehouse/lines.py", file_60, sizeof file_60},
    {"vitrine_warehouse/lock.py", file_61, sizeof file_61},
    {"vitrine_warehouse/marts.py", file_62, sizeof file_62},
    {"vitrine_warehouse/models.py", file_63, sizeof file_63},
    {"vitrine_warehouse/numbers.py", file_64, sizeof file_64},
    {"vitrine_warehouse/progress.py", file_65, sizeof file_65},
    {"vitrine_warehouse/repeats.py", file_66, sizeof file_66},
    {"vitrine_warehouse/run.py", file_67, sizeof file_67},
    {"vitrine_warehouse/segments.py", file_68, sizeof file_68},
    {"vitrine_warehouse/sources.py", file_69, sizeof file_69},
    {"vitrine_warehouse/spark.py", file_70, sizeof file_70},
    {"vitrine_warehouse/statements.py", file_71, sizeof file_71},
};
