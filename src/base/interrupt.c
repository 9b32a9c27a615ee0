/* interrupt.c: the flag, and the handler that raises it. */
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

/* One of the two pieces of global state in this program (the other is the number of threads): a
 * handler gets no other argument than the signal's number. */
static volatile sig_atomic_t arrived = 0;

/* In the order in which they are passed on. */
static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
enum { N_SIGNALS = sizeof signals / sizeof *signals };

static void raise_flag(int signal)
{
    arrived = signal;
}

void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = raise_flag,
                               .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t s = 0; s < N_SIGNALS; s++) {
        struct sigaction before;
        if (sigaction(signals[s], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[s], &action, NULL);
    }
}

int interrupt_signal(void)
{
    return arrived;
}

int interrupt_to_pass_on(void)
{
    for (size_t s = 0; s < N_SIGNALS; s++) {
        struct sigaction now;
        if (signals[s] != arrived && sigaction(signals[s], NULL, &now) == 0 &&
            now.sa_handler != SIG_IGN)
            return signals[s];
    }
    return SIGTERM;
}
