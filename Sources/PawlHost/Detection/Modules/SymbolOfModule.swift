/// The CONFIG symbol that builds a module, and how that is known.
public struct SymbolOfModule: Sendable, Equatable {
  public enum Source: Sendable, Equatable {
    /// The Kbuild files of this source tree say so.
    case kbuild(tree: String)
    /// The table in Pawl, for usual modules.
    case table
    /// The upper-cased name happens to be a symbol of the configuration. Right for about one module
    /// in three; never enough to change something.
    case guess
  }

  /// Without `CONFIG_`.
  public let symbol: String
  public let source: Source

  /// Finds the symbol of a module.
  ///
  /// - Parameters:
  ///   - name: the module's name, dashes or underscores.
  ///   - path: its file below the kernel's module folder, where known.
  ///   - tree: the root of the source tree of this kernel, where there is one; needs `path`.
  ///   - release: the kernel's release, for names whose symbol changed; nil means a current one.
  ///   - config: where a guess has to be found to be given.
  /// - Returns: nil when nothing says.
  public static func find(
    _ name: String, path: String? = nil, tree: String? = nil, release: String? = nil,
    config: KernelConfig? = nil
  ) -> SymbolOfModule? {
    if let tree, let path {
      var kbuild = KbuildSymbols(tree: tree)
      if let symbol = kbuild.symbol(ofModule: path) {
        return SymbolOfModule(symbol: symbol, source: .kbuild(tree: tree))
      }
    }
    let module = ModuleName.normalize(name)
    if let symbol = ModuleSymbolTable.symbol(of: module, release: release) {
      return SymbolOfModule(symbol: symbol, source: .table)
    }
    let guess = module.uppercased()
    if let config, config.state(guess) != .absent {
      return SymbolOfModule(symbol: guess, source: .guess)
    }
    return nil
  }
}

/// Symbols of the modules that people ask for, from the Kbuild files of Linux 6.1. A row with a
/// version holds from that version on.
enum ModuleSymbolTable {
  /// The symbol of a module (in normal form) in a kernel of `release`.
  static func symbol(of module: String, release: String?) -> String? {
    guard let row = rows[module] else { return nil }
    guard let since = row.since, let release else { return row.symbol }
    return KernelVersion.precedes(release, since) ? nil : row.symbol
  }

  /// The modules a symbol builds.
  static func modules(of symbol: String) -> [String] {
    rows.filter { $0.value.symbol == symbol }.map(\.key).sorted()
  }

  struct Row: Sendable {
    let symbol: String
    let since: String?
  }

  /// `module SYMBOL [since]`, one a line.
  private static let text = """
    vfio VFIO
    vfio_pci VFIO_PCI
    vfio_pci_core VFIO_PCI_CORE 5.15
    vfio_iommu_type1 VFIO_IOMMU_TYPE1
    kvm KVM
    kvm_intel KVM_INTEL
    kvm_amd KVM_AMD
    vhost VHOST
    vhost_net VHOST_NET
    vhost_vsock VHOST_VSOCK
    tun TUN
    tap TAP
    bridge BRIDGE
    br_netfilter BRIDGE_NETFILTER 3.18
    veth VETH
    vxlan VXLAN
    geneve GENEVE
    macvlan MACVLAN
    ipvlan IPVLAN
    dummy DUMMY
    bonding BONDING
    8021q VLAN_8021Q
    wireguard WIREGUARD 5.6
    sctp IP_SCTP
    ip_tables IP_NF_IPTABLES
    iptable_filter IP_NF_FILTER
    iptable_nat IP_NF_NAT
    iptable_mangle IP_NF_MANGLE
    iptable_raw IP_NF_RAW
    ip6_tables IP6_NF_IPTABLES
    ip6table_filter IP6_NF_FILTER
    ip6table_nat IP6_NF_NAT
    ip6table_mangle IP6_NF_MANGLE
    ip6table_raw IP6_NF_RAW
    x_tables NETFILTER_XTABLES
    xt_REDIRECT NETFILTER_XT_TARGET_REDIRECT
    xt_MASQUERADE NETFILTER_XT_TARGET_MASQUERADE 5.2
    xt_TPROXY NETFILTER_XT_TARGET_TPROXY
    xt_CT NETFILTER_XT_TARGET_CT
    xt_LOG NETFILTER_XT_TARGET_LOG
    xt_addrtype NETFILTER_XT_MATCH_ADDRTYPE
    xt_comment NETFILTER_XT_MATCH_COMMENT
    xt_conntrack NETFILTER_XT_MATCH_CONNTRACK
    xt_connmark NETFILTER_XT_CONNMARK
    xt_ipvs NETFILTER_XT_MATCH_IPVS
    xt_mark NETFILTER_XT_MARK
    xt_multiport NETFILTER_XT_MATCH_MULTIPORT
    xt_owner NETFILTER_XT_MATCH_OWNER
    xt_physdev NETFILTER_XT_MATCH_PHYSDEV
    xt_set NETFILTER_XT_SET
    xt_socket NETFILTER_XT_MATCH_SOCKET
    xt_statistic NETFILTER_XT_MATCH_STATISTIC
    xt_tcpudp NETFILTER_XTABLES
    nf_conntrack NF_CONNTRACK
    nf_nat NF_NAT
    nf_tables NF_TABLES
    nft_chain_nat NFT_NAT 5.2
    nft_ct NFT_CT
    nft_masq NFT_MASQ
    nft_nat NFT_NAT
    nft_redir NFT_REDIR
    nft_socket NFT_SOCKET
    nft_tproxy NFT_TPROXY
    nft_compat NFT_COMPAT
    ip_set IP_SET
    ip_set_hash_ip IP_SET_HASH_IP
    ip_vs IP_VS
    ip_vs_rr IP_VS_RR
    ip_vs_wrr IP_VS_WRR
    ip_vs_sh IP_VS_SH
    overlay OVERLAY_FS
    ext4 EXT4_FS
    xfs XFS_FS
    btrfs BTRFS_FS
    f2fs F2FS_FS
    vfat VFAT_FS
    exfat EXFAT_FS
    ntfs3 NTFS3_FS
    fuse FUSE_FS
    virtiofs VIRTIO_FS
    nfs NFS_FS
    nfsd NFSD
    cifs CIFS
    ceph CEPH_FS
    squashfs SQUASHFS
    isofs ISO9660_FS
    udf UDF_FS
    loop BLK_DEV_LOOP
    nbd BLK_DEV_NBD
    rbd BLK_DEV_RBD
    zram ZRAM
    nvme BLK_DEV_NVME
    nvme_tcp NVME_TCP
    virtio_blk VIRTIO_BLK
    virtio_net VIRTIO_NET
    virtio_pci VIRTIO_PCI
    virtio_scsi SCSI_VIRTIO
    ahci SATA_AHCI
    sd_mod BLK_DEV_SD
    sr_mod BLK_DEV_SR
    dm_mod BLK_DEV_DM
    dm_crypt DM_CRYPT
    dm_thin_pool DM_THIN_PROVISIONING
    raid1 MD_RAID1
    usbip_core USBIP_CORE
    vhci_hcd USBIP_VHCI_HCD
    usb_storage USB_STORAGE
    xhci_hcd USB_XHCI_HCD
    uvcvideo USB_VIDEO_CLASS
    e1000e E1000E
    igb IGB
    ixgbe IXGBE
    r8169 R8169
    i915 DRM_I915
    amdgpu DRM_AMDGPU
    nouveau DRM_NOUVEAU
    configs IKCONFIG
    binfmt_misc BINFMT_MISC
    cls_bpf NET_CLS_BPF
    sch_ingress NET_SCH_INGRESS
    sch_fq NET_SCH_FQ
    tcp_bbr TCP_CONG_BBR
    softdog SOFT_WATCHDOG
    """

  private static let rows: [String: Row] = {
    var rows: [String: Row] = [:]
    for line in text.split(separator: "\n") {
      let words = line.words()
      guard words.count >= 2 else { continue }
      rows[words[0]] = Row(symbol: words[1], since: words.count > 2 ? words[2] : nil)
    }
    return rows
  }()
}
