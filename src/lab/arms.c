/* arms.c: lists of schemes and values, and every combination of them. */
#include "lab/arms.h"

#include <stdio.h>
#include <string.h>

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: what is compared");
}

/* --- lists: "a,b,c" --- */

enum { MAX_VALUES = 64, MAX_VARIED = 4 };

/* The values of one setting. */
typedef struct Values {
    const char *key;
    const char *value[MAX_VALUES];
    size_t count;
} Values;

static bool stands_twice(const Values *values)
{
    for (size_t v = 0; v + 1 < values->count; v++)
        if (strcmp(values->value[v], values->value[values->count - 1]) == 0)
            return true;
    return false;
}

/* Takes "a,b,c" apart. */
static bool split(Arena *arena, const char *list, Values *values, Error *error)
{
    for (bool more = true; more; list += more) {
        size_t length = strcspn(list, ",");
        if (length == 0)
            return fail_request(error, "%s: expected values with commas between them", values->key);
        if (values->count == MAX_VALUES)
            return fail_request(error, "%s: expected at most %d values", values->key, MAX_VALUES);
        const char *value = arena_text(arena, list, length);
        if (!value)
            return out_of_memory(error);
        values->value[values->count++] = value;
        if (stands_twice(values))
            return fail_request(error, "%s: %s is there twice", values->key, value);
        list += length;
        more = *list == ',';
    }
    return true;
}

/* Settings that cannot be varied, and why. */
static const struct {
    const char *key, *reason;
} never_varied[] = {
    {"pos", "expected the schemes in --pos"},
    {"seed", "expected the number of seeds in --seeds"},
    {"data", "losses on different texts do not compare"},
    {"tokens", "losses on different texts do not compare"},
    {"causal", "losses of the next character and of hidden ones do not compare"},
    {"task", "losses on different tasks do not compare"},
    {"task_symbols", "losses on different tasks do not compare"},
    {"task_min_length", "losses on different tasks do not compare"},
    {"task_max_length", "losses on different tasks do not compare"},
    {"task_k", "losses on different tasks do not compare"},
    {"name", "a run of a comparison has its own name"},
    {"out_dir", "expected one folder for all runs"},
};

/* "learning_rate=5e-4,1e-3" */
static bool parse_varied(Arena *arena, const char *text, Values *values, Error *error)
{
    const char *equals = strchr(text, '=');
    if (!equals)
        return fail_request(error, "--vary = %s: expected setting=value,value,...", text);
    values->key = arena_text(arena, text, (size_t)(equals - text));
    if (!values->key)
        return out_of_memory(error);
    for (size_t n = 0; n < sizeof never_varied / sizeof *never_varied; n++)
        if (key_same_name(values->key, never_varied[n].key))
            return fail_request(error, "--vary = %s: %s", text, never_varied[n].reason);
    return split(arena, equals + 1, values, error) || fail_within(error, "--vary");
}

/* "a,b", or "all" */
static bool parse_schemes(Arena *arena, const char *text, Values *values, Error *error)
{
    values->key = "pos";
    if (strcmp(text, "all") != 0)
        return split(arena, text, values, error) || fail_within(error, "--pos = %s", text);
    for (size_t i = 0; i < pos_scheme_count; i++)
        values->value[values->count++] = pos_names[i];
    return true;
}
_Static_assert((int)MAX_POS_SCHEMES <= (int)MAX_VALUES, "every scheme at once");

/* --- settings --- */

/* The settings of a run, up to those of its arm: later wins. */
static bool set_common(const Request *request, Config *config, Error *error)
{
    Settings *settings = &config->settings;
    if (request->config[0] != '\0' && !settings_read(settings, request->config, error))
        return false;
    if (config->name[0] != '\0') {
        fail_request(error, "a run of a comparison has its own name: expected none");
        return settings_fail_within(settings, "name", error);
    }
    if (!settings_set(settings, "by_context", "yes", "--by-context", error))
        return false;
    for (size_t s = 0; s < request->n_common; s++) {
        const Setting *setting = &request->common[s];
        char origin[96];
        snprintf(origin, sizeof origin, "--%s", setting->key);
        if (!settings_set(settings, setting->key, setting->value, origin, error))
            return false;
    }
    return true;
}

bool arm_apply(const Arm *arm, const Request *request, Config *config, Error *error)
{
    if (!set_common(request, config, error))
        return false;
    for (size_t s = 0; s < arm->n_settings; s++) {
        const Setting *setting = &arm->settings[s];
        char origin[96] = "--pos";
        if (s > 0)
            snprintf(origin, sizeof origin, "--vary %s", setting->key);
        if (!settings_set(&config->settings, setting->key, setting->value, origin, error))
            return false;
    }
    return true;
}

/* --- arms --- */

/* What is being laid out. */
typedef struct Plan {
    Arena *arena;
    const Request *request;
    Values schemes, varied[MAX_VARIED];
    Arm *arms; /* [MAX_ARMS], of which n_arms are there */
    size_t n_arms;
} Plan;

static bool parse(Plan *plan, Error *error)
{
    const Request *request = plan->request;
    if (request->n_vary > MAX_VARIED)
        return fail_request(error, "--vary: expected at most %d settings", MAX_VARIED);
    for (size_t v = 0; v < request->n_vary; v++) {
        if (!parse_varied(plan->arena, request->vary[v], &plan->varied[v], error))
            return false;
        for (size_t before = 0; before < v; before++)
            if (key_same_name(plan->varied[before].key, plan->varied[v].key))
                return fail_request(error, "--vary: %s is there twice", plan->varied[v].key);
    }
    return parse_schemes(plan->arena, request->pos, &plan->schemes, error);
}

/* The name says what sets an arm apart: "a", "a (x = 1, y = 2)" or, where there is but one scheme,
 * "x = 1, y = 2". */
static const char *name_of_arm(const Plan *plan, const Arm *arm)
{
    TextBuffer name = {0};
    bool is_varied = arm->n_settings > 1, names_scheme = plan->schemes.count > 1 || !is_varied;
    if (names_scheme)
        text_append_format(&name, "%s%s", arm->scheme->name, is_varied ? " (" : "");
    for (size_t s = 1; s < arm->n_settings; s++)
        text_append_format(&name, "%s%s = %s", s > 1 ? ", " : "", arm->settings[s].key,
                           arm->settings[s].value);
    if (names_scheme && is_varied)
        text_append_format(&name, ")");
    const char *text = name.failed ? NULL : arena_text(plan->arena, name.bytes, name.length);
    text_buffer_free(&name);
    return text;
}

static bool add_arm(Plan *plan, const Arm *arm, Error *error)
{
    if (plan->n_arms == MAX_ARMS)
        return fail_request(error, "--pos, --vary: expected at most %d together", MAX_ARMS);
    Arm *added = &plan->arms[plan->n_arms++];
    Setting *settings = arena_alloc(plan->arena, arm->n_settings, sizeof *settings);
    if (!settings)
        return out_of_memory(error);
    memcpy(settings, arm->settings, arm->n_settings * sizeof *settings);
    *added = *arm;
    added->settings = settings;
    added->name = name_of_arm(plan, added);
    return added->name || out_of_memory(error);
}

/* Adds an arm for every combination of values of varied[v], varied[v + 1], ... behind the settings
 * that `arm` has already. `settings` are the arm's own, with room for one more for each that is
 * varied. A setting without effect on the scheme, such as another one's option, is passed over. */
static bool cross(Plan *plan, const Config *config, const Arm *arm, Setting *settings, size_t v,
                  Error *error)
{
    if (v == plan->request->n_vary)
        return add_arm(plan, arm, error);
    const Values *values = &plan->varied[v];
    const ConfigKey *key = settings_find(&config->settings, values->key, NULL);
    if (config_idle_because(config, values->key))
        return cross(plan, config, arm, settings, v + 1, error);
    Arm longer = *arm;
    longer.n_settings++;
    for (size_t n = 0; n < values->count; n++) {
        settings[arm->n_settings] = (Setting){key ? key->name : values->key, values->value[n]};
        if (!cross(plan, config, &longer, settings, v + 1, error))
            return false;
    }
    return true;
}

static bool add_scheme(Plan *plan, const char *name, Error *error)
{
    Config config;
    Setting settings[1 + MAX_VARIED] = {{"pos", name}};
    Arm arm = {.settings = settings, .n_settings = 1};
    size_t first = plan->n_arms;
    if (!config_init(&config, error))
        return false;
    bool ok = arm_apply(&arm, plan->request, &config, error);
    arm.scheme = config_scheme(&config);
    ok = ok && cross(plan, &config, &arm, settings, 0, error);
    config_free(&config);
    for (size_t a = first; a < plan->n_arms; a++) {
        plan->arms[a].variant = a - first;
        plan->arms[a].n_variants = plan->n_arms - first;
    }
    return ok;
}

static bool is_varied_in(const Arm *arm, const char *key)
{
    for (size_t s = 1; s < arm->n_settings; s++)
        if (key_same_name(arm->settings[s].key, key))
            return true;
    return false;
}

/* Has each setting an effect on some scheme? */
static bool check_varied(const Plan *plan, Error *error)
{
    for (size_t v = 0; v < plan->request->n_vary; v++) {
        const char *key = plan->varied[v].key;
        bool found = false;
        for (size_t a = 0; a < plan->n_arms; a++)
            found = found || is_varied_in(&plan->arms[a], key);
        if (!found)
            return fail_request(error, "--vary: %s has no effect on any arm: expected one that has",
                                key);
    }
    return true;
}

/* Are its settings there, with such values? */
static bool check_arm(const Arm *arm, const Request *request, Error *error)
{
    Config config;
    if (!config_init(&config, error))
        return false;
    bool ok = arm_apply(arm, request, &config, error);
    config_free(&config);
    return ok;
}

bool arms_make(Arena *arena, const Request *request, Arm **arms, size_t *count, Error *error)
{
    Plan *plan = arena_alloc(arena, 1, sizeof *plan);
    Arm *all = arena_alloc(arena, MAX_ARMS, sizeof *all);
    if (!plan || !all)
        return out_of_memory(error);
    *plan = (Plan){.arena = arena, .request = request, .arms = all};
    if (!parse(plan, error))
        return false;
    for (size_t s = 0; s < plan->schemes.count; s++)
        if (!add_scheme(plan, plan->schemes.value[s], error))
            return false;
    for (size_t a = 0; a < plan->n_arms; a++)
        if (!check_arm(&all[a], request, error))
            return false;
    if (!check_varied(plan, error))
        return false;
    *arms = all;
    *count = plan->n_arms;
    return true;
}
