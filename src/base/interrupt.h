/* interrupt.h: Ctrl-C, SIGTERM and a closed terminal (SIGHUP) as a question that a loop asks.
 *
 * A signal may arrive between any two instructions, so its handler only raises a flag. The loop
 * looks at the flag where it is safe to stop, saves its work, and ends. The second signal of a kind
 * ends the program at once, as it would without this.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

/* From now on the first SIGINT, the first SIGTERM and the first SIGHUP raise the flag; those that
 * were ignored (as nohup does it) still are. */
void interrupt_watch(void);

/* The signal that arrived, or 0. */
int interrupt_signal(void);

/* Which signal to send to a program that this one has started, for it to stop as well. Not the one
 * that arrived: Ctrl-C goes to all processes of a group, so that program may have it already, and a
 * second of its kind would end it at once. So it is another one, of those that are not ignored. */
int interrupt_to_pass_on(void);

#endif
