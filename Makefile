# Makefile: builds posgpt, runs it, tests it. `make help` lists what can be asked for.
#
#     make train POS=rope      one command from a fresh copy to a trained model
#     make check               builds and passes the tests
#
# Everything that is made goes to build/, one folder in it for each way of building:
#
#     build/gcc-float-native/      objects, the library, the program and the tests of one variant
#     build/posgpt                 the program of the variant that was asked for last

VERSION = 0.1.0

# What can be set: the compiler, the processor it builds for (ARCH=x86-64-v3, or ARCH= for the
# compiler's own default), numbers as float or as double, and the sanitizers: of addresses and
# undefined behaviour (SAN=1) or of threads (SAN=thread). `make fuzz` sets FUZZ=1, `make coverage`
# COV=1.
ARCH = native
REAL = float
SAN  =
FUZZ =
COV  =

ifeq ($(findstring |$(value REAL)|,|float|double|),)
$(error REAL=$(value REAL): expected float or double)
endif
ifeq ($(findstring |$(value SAN)|,||1|thread|),)
$(error SAN=$(value SAN): expected 1 (addresses and undefined behaviour) or thread)
endif

space   := $(subst ,, )
VARIANT := $(subst $(space),-,$(notdir $(CC)))-$(REAL)$(if $(ARCH),-$(ARCH))
VARIANT := $(VARIANT)$(if $(SAN),$(if $(filter thread,$(SAN)),-tsan,-san))
VARIANT := $(VARIANT)$(if $(FUZZ),-fuzz)$(if $(COV),-cov)
OUT     := build/$(VARIANT)

SOURCES := $(wildcard src/*/*.c src/*/*/*.c)
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o)
LIBRARY := $(OUT)/libposgpt.a

# The counts of a process that ends in one of these would be lost: see tests/coverage.c.
COUNTED := $(if $(COV),fork _exit execv execvp)

TEST_SOURCES := $(wildcard tests/*/test_*.c)
TESTS        := $(TEST_SOURCES:%.c=$(OUT)/%)
SUPPORT      := $(patsubst %.c,$(OUT)/%.o,$(filter-out tests/support/test_%,\
                  $(wildcard tests/support/*.c)))

# Vectors of any width run on any processor; so what depends on it is tested with each width here:
# tests/math/test_gemm-16 is test_gemm with vectors of 16 bytes.
WIDTHS      := 16 32 64
OF_WIDTH    := $(addprefix $(OUT)/tests/,math/test_gemm math/test_rows math/test_accuracy \
                 autograd/test_accuracy)
WIDTH_TESTS := $(foreach width,$(WIDTHS),$(OF_WIDTH:=-$(width)))

# Each target of the fuzzer has a test beside it, which hands it the inputs that are kept.
TARGETS      := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS      := $(addprefix $(OUT)/tests/fuzz/replay_,$(TARGETS))
FUZZ_SUPPORT := $(OUT)/tests/fuzz/fuzz.o $(OUT)/tests/fuzz/header.o

# What lets calls of posgpt fail, in a test. It is loaded before the program, as sanitizers and
# counters are; so it is not for these.
FAULTS = $(if $(SAN)$(COV),,$(if $(GLIBC),$(OUT)/faults.so))

BENCH_OBJECTS := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/bench/*.c))

# The program behind the guided tour, and its tests, which take the same tour.
TOUR_TESTS   := $(filter $(OUT)/tests/tour/%,$(TESTS))
TOUR_OBJECTS := $(patsubst %.c,$(OUT)/%.o,$(filter-out tests/tour/main.c tests/tour/test_%,\
                  $(wildcard tests/tour/*.c)))
# Where students write, and what says whether it is right. The folder's name becomes a part of
# targets and of commands, so nothing in it may mean something else to make or to the shell.
EXERCISES = exercises
SPECIAL  := ' " ` $$ \ ; & | < > ( ) * ? [ ] { } % : = ~ ! \#
SPECIAL  := $(strip $(foreach mark,$(SPECIAL),$(findstring $(mark),$(value EXERCISES))))
ifneq ($(words $(value EXERCISES))$(SPECIAL)$(filter -%,$(value EXERCISES)),1)
$(error EXERCISES=$(value EXERCISES): expected the name of a folder, without spaces, quotes and \
other special characters)
endif
JUDGE := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/support/diagnosis*.c) \
           $(filter-out %/train.c,$(wildcard tests/exercises/*.c)))

# A fresh copy is compiled on all cores; a make that this one calls shares them.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
endif

# --- how things are compiled -------------------------------------------------------------------

# compiler.mk holds what this compiler can do: ARCH_FLAGS and OPENMP_FLAGS. It is found out once.
ifneq ($(filter-out clean help,$(or $(MAKECMDGOALS),all)),)
include $(OUT)/compiler.mk
endif

STANDARD = -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_DARWIN_C_SOURCE
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
SANITIZE = $(if $(SAN),-g -fno-omit-frame-pointer -fsanitize=$(SANITIZER) \
             -fno-sanitize-recover=all) $(if $(FUZZ),-fsanitize=fuzzer-no-link) \
           $(if $(COV),-O1 --coverage -fprofile-update=atomic)
SANITIZER = $(if $(filter thread,$(SAN)),thread,address$(,)undefined)
,        := ,
BUILD    = $(ARCH_FLAGS) $(OPENMP_FLAGS) $(SANITIZE) $(if $(filter double,$(REAL)),-DREAL_IS_DOUBLE)
COMPILE  = $(CC) $(STANDARD) $(WARNINGS) $(OPTIMISE) $(BUILD) $(CPPFLAGS) $(CFLAGS) -Isrc -MMD -MP
LINK     = $(CC) $(OPENMP_FLAGS) $(SANITIZE) $(LDFLAGS) $(COUNTED:%=-Wl,--wrap=%)

# Where the numbers are, loops become vector instructions. That needs no relaxed arithmetic, only two
# promises: nobody reads errno after sqrt(), and nobody traps floating-point exceptions. NaN and
# infinity keep their meaning everywhere. a * b + c may become one fused instruction in src/math
# alone, where the tests allow for its rounding; elsewhere it is computed as it is written.
OPTIMISE = -O2 -ffp-contract=off
NUMERIC  = -O3 -fno-math-errno -fno-trapping-math
$(OUT)/src/math/%.o:     OPTIMISE = $(NUMERIC) -ffp-contract=fast
$(OUT)/src/autograd/%.o: OPTIMISE = $(NUMERIC) -ffp-contract=off
$(OUT)/src/pos/%.o:      OPTIMISE = $(NUMERIC) -ffp-contract=off
$(OUT)/src/train/%.o:    OPTIMISE = $(NUMERIC) -ffp-contract=off
$(OUT)/tests/%.o:        OPTIMISE = -O1 -ffp-contract=off

$(BENCH_OBJECTS):        OPTIMISE = $(NUMERIC) -ffp-contract=fast

# The program can say how it was built.
$(OUT)/src/base/machine.o: CPPFLAGS += -DBUILD_VERSION='"$(VERSION)"' -DBUILD_COMMAND='"$(strip \
                           $(notdir $(CC)) $(NUMERIC) $(BUILD) $(CFLAGS))"'
$(OUT)/tests/%.o:        CPPFLAGS += -Itests -DPOSGPT='"$(OUT)/posgpt"' \
                           -DFAULTS_LIBRARY='"$(FAULTS)"'

# --- what is built -----------------------------------------------------------------------------

.DELETE_ON_ERROR:
.PHONY: help all train compare claims sample runs tour bench check check-long test-programs fuzz
.PHONY: check-threads check-memory lint coverage mutate run-fuzz fuzz-all cmocka clean exercises
.PHONY: exercise FORCE
.SECONDARY:

all: build/posgpt

build/posgpt: $(OUT)/posgpt FORCE
	@cmp -s $< $@ || { cp $< $@.new && mv -f $@.new $@; } # also while the old one runs

$(OUT)/posgpt: $(OUT)/src/cli/main.o $(LIBRARY)
	@$(LINK) $^ -lm -o $@

$(LIBRARY): $(OBJECTS) $(if $(COUNTED),$(OUT)/tests/coverage.o)
	@rm -f $@
	@$(AR) rcs $@ $(filter-out %/main.o,$^)

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	@$(COMPILE) -c $< -o $@

$(filter-out $(TOUR_TESTS),$(TESTS)): %: %.o $(SUPPORT) $(LIBRARY)
	@$(LINK) $< $(SUPPORT) $(LIBRARY) -lcmocka -lm -o $@

$(TOUR_TESTS): %: %.o $(TOUR_OBJECTS) $(SUPPORT) $(LIBRARY)
	@$(LINK) $^ -lcmocka -lm -o $@

$(OUT)/tour: $(OUT)/tests/tour/main.o $(TOUR_OBJECTS) $(LIBRARY)
	@$(LINK) $^ -lm -o $@

# gemm-16.o and rows-16.o stand before the library, so the linker does not ask it for its own. They
# are made anew whenever those are.
OF_VECTORS := gemm rows
define with_width
$(OUT)/src/math/%-$(1).o: src/math/%.c $(OUT)/src/math/%.o
	@$$(COMPILE) -DVECTOR_BYTES=$(1) -Wno-psabi -c $$< -o $$@
$(OF_WIDTH:=-$(1)): %-$(1): %.o $(OF_VECTORS:%=$(OUT)/src/math/%-$(1).o) $(SUPPORT) $(LIBRARY)
	@$$(LINK) $$^ -lcmocka -lm -o $$@
endef
$(foreach width,$(WIDTHS),$(eval $(call with_width,$(width))))

$(OUT)/faults.so: $(wildcard tests/faults/*.c) tests/faults/interpose.h
	@$(CC) $(STANDARD) $(WARNINGS) -O1 -fPIC -shared -Itests $(filter %.c,$^) -ldl -o $@

$(OUT)/tests/fuzz/fuzz_%: $(OUT)/tests/fuzz/fuzz_%.o $(FUZZ_SUPPORT) $(LIBRARY)
	@$(LINK) -fsanitize=fuzzer $^ -lm -o $@

$(OUT)/tests/fuzz/replay_%: $(OUT)/tests/fuzz/replay.o $(OUT)/tests/fuzz/fuzz_%.o \
                            $(FUZZ_SUPPORT) $(LIBRARY)
	@$(LINK) $^ -lcmocka -lm -o $@

# A student's file, exercises/3-cross_entropy.c, stands before the library as well. It is judged
# with the sanitizers, where there are any, and trained without them; it is warned about once.
STUDENT := $(OUT)/$(EXERCISES)/%
WATCHED  = $(OUT)/watched
$(STUDENT).o: OPTIMISE = $(NUMERIC) -ffp-contract=off
$(STUDENT).o: WARNINGS = -w

$(WATCHED)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	@$(COMPILE) -O1 $(WATCH_FLAGS) -c $< -o $@

$(STUDENT)/judge: $(WATCHED)/$(EXERCISES)/%.o $(WATCHED)/src/base/arena.o \
                  $(JUDGE) $(LIBRARY)
	@mkdir -p $(@D)
	@$(LINK) $(WATCH_FLAGS) $^ -lm -o $@

$(STUDENT)/train: $(STUDENT).o $(OUT)/tests/exercises/train.o $(LIBRARY)
	@mkdir -p $(@D)
	@$(LINK) $^ -lm -o $@

$(OUT)/tests/exercises/train: %: %.o $(LIBRARY)
	@$(LINK) $^ -lm -o $@

# The benchmarks compare with OpenBLAS where there is one; whether there is may change at any time.
OPENBLAS = $(shell sh scripts/openblas.sh '$(CC)')
$(OUT)/tests/bench/openblas.o: CPPFLAGS += $(if $(OPENBLAS),-DOPENBLAS)
$(OUT)/tests/bench/openblas.o: $(OUT)/openblas

$(OUT)/openblas: FORCE
	@mkdir -p $(@D)
	@echo '$(OPENBLAS)' | cmp -s - $@ || echo '$(OPENBLAS)' > $@

$(OUT)/tests/torch/logits: %: %.o $(LIBRARY)
	@$(LINK) $^ -lm -o $@

$(OUT)/bench: $(BENCH_OBJECTS) $(LIBRARY)
	@$(LINK) $^ $(OPENBLAS) -lm -o $@

# Objects are made anew when the flags differ from those of last time. As that takes a while, it is
# said; but of the makes that `check` calls the first one alone says so.
FLAGS_TEXT := $(subst ','\'',$(COMPILE) $(NUMERIC) $(VERSION))
SAYS_SO     = $(filter 0 $(firstword $(REALS)),$(MAKELEVEL) $(REAL))
$(OUT)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_TEXT)' | cmp -s - $@ || { \
	    $(if $(SAYS_SO),echo 'compiling posgpt (once)' >&2;) \
	    echo '$(FLAGS_TEXT)' > $@; }

$(OUT)/compiler.mk: scripts/compiler.sh
	@mkdir -p $(@D)
	@sh scripts/compiler.sh '$(CC)' '$(ARCH)' > $@

-include $(OBJECTS:.o=.d) $(SUPPORT:.o=.d) $(BENCH_OBJECTS:.o=.d) $(TESTS:=.d) \
         $(OUT)/tests/torch/logits.d $(wildcard $(OUT)/tests/fuzz/*.d) $(JUDGE:.o=.d) \
         $(OUT)/tests/exercises/train.d $(TOUR_OBJECTS:.o=.d) $(OUT)/tests/tour/main.d \
         $(wildcard $(OUT)/$(EXERCISES)/*.d $(WATCHED)/$(EXERCISES)/*.d)

# --- what is run -------------------------------------------------------------------------------

# These variables become flags of posgpt. They count only where make's own command line sets them: a
# variable of the environment that happens to be called NAME is somebody else's. Their text reaches
# the program through the environment, so neither make nor the shell takes any of it for a command.
define take_variable
ifeq ($(origin $(1)),command line)
override $(1) := $$(value $(1))
export $(1)
else
override $(1) :=
unexport $(1)
endif
endef
SETTINGS := POS CONFIG NAME SEED SEEDS DATA CORPUS TASK RUN CLAIM FULL ARGS ONLY JOBS N AGAIN \
            UPDATE TEXT
$(foreach name,$(SETTINGS),$(eval $(call take_variable,$(name))))

# Any other name there is a slip, as in `make train pos=rope`: it would be passed over in silence.
BUILDING := CC AR SHELL ARCH REAL REALS SAN FUZZ COV OUT CFLAGS CPPFLAGS LDFLAGS OPTIMISE NUMERIC \
            WARNINGS TARGET SECONDS FUZZ_SECONDS EXERCISES WATCHED WATCH_FLAGS
GIVEN    := $(foreach name,$(.VARIABLES),\
              $(if $(filter command,$(firstword $(origin $(name)))),$(name)))
SLIPS    := $(filter-out $(SETTINGS) $(BUILDING),$(GIVEN))
ifneq ($(SLIPS),)
$(error $(firstword $(SLIPS)): expected one of $(SETTINGS), or what `make help` names)
endif

# $(call flag,POS,pos) is --pos=... where POS is set, and nothing where it is not.
flag = $${$(1)+"--$(2)=$$$(1)"}

# A task has settings of its own, unless CONFIG names others.
task = $(if $(TASK),$(if $(CONFIG),,--config=configs/tasks.ini) $(call flag,TASK,task))

train: build/posgpt
	@$(if $(CORPUS),config=$$(sh scripts/corpus.sh "$$CORPUS") && )\
	build/posgpt train $(if $(CORPUS),$(if $(CONFIG),,--config="$$config") )\
	    $(call flag,CONFIG,config) $(call flag,POS,pos) $(call flag,SEED,seed) \
	    $(call flag,DATA,data) $(call flag,NAME,name) $(task) $$ARGS

# Of a corpus these two take the text alone, with models of their own size.
find_text = config=$$(sh scripts/corpus.sh "$$CORPUS") && \
            text=$$(sed -n 's/^data = //p' "$$config") &&
text_flag = $(if $(DATA),$(call flag,DATA,data),$(if $(CORPUS),--data="$$text"))

compare: build/posgpt
	@$(if $(CORPUS),$(find_text)) build/posgpt compare $(call flag,CONFIG,config) \
	    $(call flag,POS,pos) $(call flag,SEEDS,seeds) $(call flag,SEED,seed) $(text_flag) \
	    $(call flag,NAME,name) $(task) $$ARGS

claims: build/posgpt
	@$(if $(CORPUS),$(find_text)) build/posgpt claims $(call flag,CLAIM,claim) \
	    $(call flag,CONFIG,config) $(call flag,SEED,seed) $(call flag,SEEDS,seeds) $(text_flag) \
	    $(if $(FULL),--full) $$ARGS

sample: build/posgpt
	@build/posgpt sample $${RUN+"$$RUN"} $$ARGS

runs: build/posgpt
	@build/posgpt runs

# The numbers of the guided tour. UPDATE=1 puts them into its page, src/README.md.
tour: $(OUT)/tour
	@$(OUT)/tour $(if $(UPDATE),--update src/README.md) $(call flag,TEXT,text) $$ARGS
# A recipe with $(MAKE) in it is run by make -n, too: then it only says what it would do.
run = $(if $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),echo) sh

# Files of the source with a part taken out, to be written anew: exercises/.
exercises:
	@sh scripts/exercises.sh '$(EXERCISES)' $${AGAIN+"$$AGAIN"}

exercise:
	@$(run) scripts/exercise.sh '$(MAKE)' '$(OUT)' '$(EXERCISES)' "$$N"

# How near to the machine's limit: see tests/bench. It runs where nothing else does.
bench: $(OUT)/bench
	@$(OUT)/bench $$ARGS

# --- what is tested ----------------------------------------------------------------------------

# Everything twice: with double, in which each hand-derived gradient is held against differences, and
# with float, as it is used. REALS=double takes one of them alone.
REALS = double float
check: cmocka
	@$(foreach real,$(REALS),$(MAKE) --no-print-directory test-programs REAL=$(real) &&) :
	+@$(run) tests/sum.sh 'sh tests/test_run_tests.sh' 'sh tests/test_scheme_names.sh' \
	    'sh tests/test_compiling.sh "$(MAKE)"' \
	    $(if $(COV),,$(FOLLOWED)) \
	    'sh tests/run_tests.sh $(foreach real,$(REALS),$(subst $(OUT)/,\
	        $(subst -$(REAL),-$(real),$(OUT))/,$(TESTS) $(WIDTH_TESTS) $(REPLAYS)))' \
	    $(if $(filter float,$(REALS)),'sh tests/torch/run.sh $(subst -$(REAL),-float,$(OUT))')

# What a reader is invited to do to the source: it is done to a copy.
FOLLOWED = $(if $(filter 2,$(words $(REALS))),'sh tests/test_add_scheme.sh "$(MAKE)" \
                $(subst -$(REAL),-float,$(OUT)) $(subst -$(REAL),-double,$(OUT))' \
                'sh tests/test_exercises.sh "$(MAKE) REAL=float" $(subst -$(REAL),-float,$(OUT))')

# What `check` does in short, for minutes: 200 kills in place of a few, 500 random configs, every call
# of each command failing in turn, and the fuzzer with each of its targets. Then what other programs
# see that watch this one: races, and memory.
LONG_TESTS := $(addprefix $(OUT)/tests/,cli/test_cli_kill train/test_random_configs \
                cli/test_cli_faults)
check-long: cmocka
	@$(MAKE) --no-print-directory -s $(LONG_TESTS) $(OUT)/posgpt $(FAULTS)
	+@$(run) tests/sum.sh 'KILLS=200 CONFIGS=500 FAULTS=1 sh tests/run_tests.sh $(LONG_TESTS)' \
	    'sh tests/tools/threads.sh' 'sh tests/tools/memory.sh' \
	    '! sh scripts/fuzz.sh clang || \
	        $(MAKE) --no-print-directory -k fuzz-all CC=clang SAN=1 FUZZ=1 SECONDS=$(FUZZ_SECONDS)'

check-threads: cmocka
	@sh tests/tools/threads.sh

check-memory:
	@sh tests/tools/memory.sh

lint: cmocka
	@LINT_FLAGS='$(STANDARD) $(WARNINGS) -Isrc -Itests' sh scripts/lint.sh

test-programs: $(TESTS) $(WIDTH_TESTS) $(REPLAYS) $(OUT)/posgpt $(FAULTS) $(OUT)/bench
test-programs: $(OUT)/tour $(OUT)/tests/torch/logits

# How much of src/ those tests run. What counts is said in scripts/coverage.sh, what is left and why
# in tests/README.md.
COUNTING = $(foreach real,double float,$(subst -$(REAL),-$(real),$(OUT))-cov)
coverage:
	@sh scripts/coverage.sh ready '$(CC)' $(COUNTING)
	@$(MAKE) --no-print-directory check COV=1
	@sh scripts/coverage.sh report '$(CC)' $(COUNTING)

# Breaks the mathematics on purpose, one place at a time, and expects a test to notice each:
# tests/*/mutants.txt list them.
mutate: cmocka
	@sh scripts/mutate.sh '$(CC)'

# Feeds a target mutated inputs: tests/fuzz/fuzz_TARGET.c. Inputs that reach new code gather in
# build/fuzz/TARGET; one that fails the target is kept beside it. tests/fuzz/keep.sh makes seeds of
# those that gathered.
TARGET       = checkpoint
SECONDS      = 60
FUZZ_SECONDS = 300

fuzz:
	@$(if $(filter $(TARGET),$(TARGETS)),,$(error TARGET=$(TARGET): expected one of: $(TARGETS)))\
	sh scripts/fuzz.sh clang
	@$(MAKE) --no-print-directory run-fuzz CC=clang SAN=1 FUZZ=1

# $(call fuzz_target,json)
fuzz_target = mkdir -p build/fuzz/$(1) && $(OUT)/tests/fuzz/fuzz_$(1) -max_total_time=$(SECONDS) \
              -timeout=10 -mutate_depth=2 -artifact_prefix=build/fuzz/$(1)- \
              $(patsubst %,-dict=%,$(wildcard tests/fuzz/$(1).dict)) \
              build/fuzz/$(1) tests/fuzz/seeds/$(1)

run-fuzz: $(OUT)/tests/fuzz/fuzz_$(TARGET)
	@$(call fuzz_target,$(TARGET))

# Every target, as many at once as make runs jobs. What each says is in build/fuzz/TARGET.log.
fuzz-all: $(addprefix fuzz-,$(TARGETS))

$(addprefix fuzz-,$(TARGETS)): fuzz-%: $(OUT)/tests/fuzz/fuzz_%
	@mkdir -p build/fuzz
	@($(call fuzz_target,$*)) >build/fuzz/$*.log 2>&1 || { tail -n 60 build/fuzz/$*.log; exit 1; }
	@echo "fuzz $*: $$(sed -n 's/^Done //p' build/fuzz/$*.log)," \
	    "$$(grep -o 'cov: [0-9]* ft: [0-9]*' build/fuzz/$*.log | tail -n 1)"

cmocka:
	@sh scripts/install_cmocka.sh '$(CC)'

# What was downloaded stays.
clean:
	@for part in build/*; do [ "$$part" = build/corpora ] || rm -rf "$$part"; done

help:
	@sed -n 's/^#: \{0,1\}//p' Makefile

#: In front of a class
#:
#: make train POS=rope      trains a model in about a minute; shows the loss as it
#:                          falls, what the model writes, and where the run is
#:                          kept. Beside POS may stand:
#:     SEED=2 NAME=mine     another seed, a name for the run
#:     DATA=my.txt          a text of your own (UTF-8)
#:     CORPUS=shakespeare   fetches Tiny Shakespeare and trains on it
#:     TASK=copy            a task in place of a text: kback, copy, nth,
#:                          induction, sort or who
#:     CONFIG=configs/...   a file of settings
#:     ARGS='--n-layer 2'   any other setting: build/posgpt train --help
#: make compare             schemes x seeds side by side: asks who will win, then
#:                          tables, pictures, and what they show and do not; some
#:                          minutes
#:     POS=learned,rope     which schemes; POS=all for every one
#:     SEEDS=10             how many runs of each
#:     TASK=copy            how much of a task is right, at the lengths of
#:                          training and beyond
#:     DATA=... CONFIG=...  as above; CORPUS=shakespeare takes the text alone
#:     ARGS='--vary learning_rate=1e-3,3e-3'
#:                          each scheme with several values of a setting;
#:                          ARGS='--max-iters 300' for a quick look
#: make claims              twelve things that are said about positional
#:                          embeddings, put to the test; five minutes
#:     CLAIM=3              one of the claims, by number or name
#:     FULL=1               more seeds, three learning rates, a second text; over
#:                          half an hour
#: make sample RUN=runs/... writes text with a trained model
#: make runs                lists the runs there are
#:
#: To read and to learn
#:
#: make tour                the numbers of the guided tour, src/README.md
#:     ARGS='--chapter 5'   one chapter; what if: --shift 5, --head 1, --at 4,
#:                          --model FILE
#:     TEXT='The fox'       another line
#:     UPDATE=1             puts them into the page
#: make exercises           copies files of the source, with a part taken out, to
#:                          exercises/
#:     AGAIN=3              one of them once more
#: make exercise N=3        is what was written there right? If not, what is
#:                          wrong?
#:     EXERCISES=anna       in this folder, in place of exercises/
#:
#: To work on the program
#:
#: make check               builds and passes the tests; with CC=clang, with SAN=1
#:                          (sanitizers)
#: make check-long          an hour: the longest tests, check-threads,
#:                          check-memory, and `make fuzz` for every target
#:     FUZZ_SECONDS=30      for each target; 300 otherwise
#: make check-threads       looks for races between threads; needs clang
#: make check-memory        a short run of everything under valgrind
#: make lint                runs gcc -fanalyzer, cppcheck and clang-tidy, which
#:                          should have nothing to say
#:     JOBS=2               files at a time
#: make coverage            how much of the source the tests run; needs gcovr
#: make mutate              breaks the mathematics in hundreds of places, to test
#:                          the tests
#:     ONLY=src/pos         one folder, or one file; JOBS=2 at a time
#: make fuzz                mutated inputs for the readers of files, and for the
#:                          command line; needs clang. `make check` repeats what
#:                          it found
#:     TARGET=checkpoint SECONDS=60
#: make bench               how fast it is, beside the machine's peak and PyTorch
#:     ARGS=--quick         without what takes minutes; ARGS=--csv
#: make clean               removes what was built
#:
#: build/posgpt --help      the program itself, and what each positional scheme is
