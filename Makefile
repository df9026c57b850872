# Two commands for a stranger on Debian 12 with a Swift toolchain: make demo, make test.

PREFIX ?= /usr/local
DESTDIR ?=
RELEASE = .build-release
SWIFT ?= swift
SECONDS ?= 300
SEEDS ?= 100000
STRIDE ?= 40
ONLY ?=
N ?= 30
FS ?= ext4 xfs
FORMATS ?= deb

.PHONY: demo test build release install lint patches format simulate simulate-seeds fuzz fuzz-parsers bench lab-detect \
  lab-boots lab-boots-ci lab-boots-random lab-faults lab-initramfs lab-kconfig lab-powercut lab-powercut-hazards lab-powercut-journal \
  lab-powercut-mutants lab-package lab-wsl-build packages clean

build: packages
	$(SWIFT) build --product pawl

# One self-contained binary: static Swift runtime, migrations and recipes inside.
release: packages
	$(SWIFT) build -c release --static-swift-stdlib --product pawl --scratch-path $(RELEASE)

install: release
	install -D -m 0755 $(RELEASE)/release/pawl $(DESTDIR)$(PREFIX)/bin/pawl

# Builds a real kernel below a throwaway folder, kills it in the middle, resumes it.
demo: release
	Lab/demo/demo.sh $(RELEASE)/release/pawl

test: packages
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest

# Warnings are errors in every build: Package.swift says so. A mutant that no longer applies proves
# nothing.
lint: packages patches
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Migrations Benchmarks
	$(SWIFT) build --build-tests

patches:
	for patch in Lab/*/mutants/*/*.patch Benchmarks/*.patch; do \
	  patch --dry-run --quiet --strip 1 <$$patch || exit 1; done

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Migrations Benchmarks

# Generated plans, then the shipped recipes crashed at every point, which takes a core for an hour; CI
# runs a tenth of the seeds, and of the recipes that the word ONLY begins. STRIDE: of how many first
# crashes one is followed by every second one.
# Built, then run: `swift run` does not know --static-swift-stdlib in every toolchain.
simulate: simulate-seeds
	$(RELEASE)/release/simulate --exhaustive --stride $(STRIDE) --only "$(ONLY)"

simulate-seeds: packages
	$(SWIFT) build -c release --static-swift-stdlib --product simulate --scratch-path $(RELEASE)
	$(RELEASE)/release/simulate --seeds $(SEEDS)

fuzz: packages
	$(SWIFT) build -c release --static-swift-stdlib --product fuzz-recipes \
	  --scratch-path $(RELEASE)
	$(RELEASE)/release/fuzz-recipes --seconds $(SECONDS)

# Every parser of what a host says, SECONDS each; debug, where an overflow is a trap too.
fuzz-parsers: packages
	$(SWIFT) run fuzz-parsers --seconds $(SECONDS)

# Power cuts under kernel builds, by Pawl and by plain make at the same instants; needs root. BUILDS,
# TARGETS, JOBS, SEED and CUTS of each build: see Lab/powercut/README.md.
lab-powercut: release
	FS="$(FS)" Lab/powercut/lab.sh build $(RELEASE)/release/pawl

# Full disks, disks that fail, clocks that jump, journals that are gone: needs root, three minutes.
lab-faults: release
	Lab/faults/lab.sh $(RELEASE)/release/pawl

# The cases that chance would miss: between compiler and objtool, in the final link, between
# syncconfig and the first compile, while the source is unpacked. Each three times.
lab-powercut-hazards: release
	FS="$(FS)" Lab/powercut/lab.sh hazards $(RELEASE)/release/pawl

# Power cuts under a journal; needs root. SEED= repeats a run's choices, AIMED=no leaves out the
# two cuts at each kind of transition.
lab-powercut-journal: release
	FS="$(FS)" Lab/powercut/lab.sh journal $(RELEASE)/release/pawl

# Programs with one safeguard taken out; the lab has to find each.
lab-powercut-mutants: packages
	FS="$(FS)" Lab/powercut/mutants.sh

# Virtual machines with real boot loaders, under emulation: needs root and hours. MACHINES and
# SCENARIOS choose, JOBS of them run side by side; results are kept, so that it can be stopped and
# taken up again.
lab-boots: release
	Lab/machines/lab.sh $(RELEASE)/release/pawl $(SCENARIOS)

# A good kernel, one that panics, and a cut between "armed" and the one-shot: on GRUB and BIOS alone.
lab-boots-ci: release
	MACHINES=grub-bios KERNELS="good no-root" \
	  Lab/machines/lab.sh $(RELEASE)/release/pawl 01_good 02_no_root 06_cuts.armed

# Cuts at N random instants of a good kernel's trial; taken up again as above.
lab-boots-random: release
	MACHINES="$${MACHINES:-grub-bios}" N=$(N) Lab/machines/lab.sh $(RELEASE)/release/pawl random_cuts

bench: release
	Benchmarks/bench.sh $(RELEASE)/release/pawl

# What Pawl says of 200 options of a real kernel, compared with kconfiglib (PyPI). SYMBOLS, SEED.
lab-kconfig: release
	Lab/kconfig/lab.sh $(RELEASE)/release/pawl

# The real dracut and mkinitramfs, asked as Pawl asks them, in a throwaway Debian. Root, a mirror, 6 minutes.
lab-initramfs: release
	Lab/initramfs/lab.sh $(RELEASE)/release/pawl

# Packages of a real, small kernel, made, installed and removed in a throwaway Debian. Root, a mirror, 10 minutes.
# FORMATS="deb rpm" shares a source and takes 3 more; "deb rpm pacman rpm:6.12", with a second one, half an hour.
lab-package: release
	Lab/package/lab.sh $(RELEASE)/release/pawl $(FORMATS)

# Microsoft's configurations of WSL 2, named by CONFIGS, through olddefconfig and one part of a real build.
lab-wsl-build: release
	Lab/wsl/lab.sh $(RELEASE)/release/pawl $(CONFIGS)

# A real Debian, made by debootstrap in a throwaway folder, and what detect says of it. Needs root
# and a mirror; half a minute.
lab-detect: release
	Lab/detect/debian.sh $(RELEASE)/release/pawl

packages:
	@Lab/packages.sh

clean:
	rm -rf .build .build-release
