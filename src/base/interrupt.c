/* interrupt.c: the flag, and the handler that raises it. */
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

/* One of the two pieces of global state in this program (the other is the number of threads): a
 * handler gets no other argument than the signal's number. */
static volatile sig_atomic_t arrived = 0;

static void raise_flag(int signal)
{
    arrived = signal;
}

void interrupt_watch(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = raise_flag,
                               .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t s = 0; s < sizeof signals / sizeof *signals; s++) {
        struct sigaction before;
        if (sigaction(signals[s], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[s], &action, NULL);
    }
}

int interrupt_signal(void)
{
    return arrived;
}
