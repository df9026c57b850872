// Stands still when it is loaded, in the way that it is told to: what a faulty driver does.
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/string.h>

static char *how = "loop";
module_param(how, charp, 0);
MODULE_PARM_DESC(how, "loop: one processor, with interrupts; freeze: all of them, without");

static void freeze(void *unused)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static int __init hang_init(void)
{
	pr_emerg("hang: %s\n", how);
	if (strcmp(how, "freeze") == 0) {
		smp_call_function(freeze, NULL, 0);
		freeze(NULL);
	}
	preempt_disable();
	for (;;)
		cpu_relax();
	return 0;
}

module_init(hang_init);
MODULE_LICENSE("GPL");
