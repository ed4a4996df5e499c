"""Programs whose end tells of namespaces: without them they end otherwise, and that says nothing of the other walls.

Another error for the same refusal, mostly. What is really weaker there stands in docs/sandbox.md: native code can be
loaded from scratch space, scratch space is bounded by a kill, the host's name and pids can be read.
"""

from executor.attacks.program import Program
from executor.sandbox.modes import Mode

ON_NAMESPACES = frozenset(
    {
        "a_flood_of_connections_is_survived",
        "a_flood_of_questions_is_survived",
        "a_native_add_on_by_hand_is_refused",
        "a_new_file_system_is_deadly",
        "a_new_namespace_is_deadly",
        "a_storm_of_own_signals_is_weathered",
        "another_root_is_deadly",
        "credentials_cannot_be_forged",
        "datagrams_to_the_host_go_nowhere",
        "deep_directories_are_counted",
        "entering_a_namespace_is_deadly",
        "extensions_of_sqlite_are_refused",
        "fast_open_does_not_pass_the_fence",
        "host_abstract_socket_is_unreachable",
        "host_loopback_is_unreachable",
        "identity_is_the_inner_one",
        "interfaces_are_only_its_own",
        "linking_out_of_the_root_is_refused",
        "listening_for_others_is_only_local",
        "listening_is_refused",
        "making_a_mount_writable_is_deadly",
        "malformed_questions_are_survived",
        "memory_of_files_is_scratch_space",
        "metadata_service_is_unreachable",
        "mount_is_deadly",
        "moving_a_mount_is_deadly",
        "native_code_from_scratch_is_refused",
        "no_other_process_is_there",
        "odd_socket_options_are_refused",
        "old_maps_of_scratch_cannot_become_executable",
        "other_protocols_on_top_are_refused",
        "ports_below_are_refused",
        "private_networks_are_unreachable",
        "programs_of_ones_own_on_sockets_are_refused",
        "schedules_of_others_are_out_of_sight",
        "scratch_cannot_be_mapped_executable",
        "scratch_files_are_counted",
        "scratch_space_is_bounded",
        "sending_to_everyone_goes_nowhere",
        "setuid_bits_give_nothing",
        "sockets_take_no_device",
        "spellings_of_loopback_are_seen_through",
        "suicide_by_kill_is_ignored",
        "the_host_has_another_name",
        "timers_do_not_end_the_first_process",
        "unmounting_is_deadly",
        "writing_outside_scratch_is_refused",
    }
)
# They name paths of a root directory of their own, or find that the host's are not even there.
ON_A_ROOT = frozenset(
    {
        "a_crash_leaves_no_core",
        "a_library_of_the_root_is_no_add_on",
        "attributes_of_files_are_absent",
        "climbing_from_a_kept_directory_leads_nowhere",
        "copies_stay_behind_the_fence",
        "descriptors_are_counted",
        "device_controls_are_refused",
        "dirty_cow_changes_nothing",
        "engines_of_openssl_are_refused",
        "environments_are_absent",
        "file_systems_of_the_host_are_absent",
        "files_cannot_be_given_privileges",
        "flushing_does_not_reach_the_hosts_disk",
        "host_files_are_absent",
        "host_sockets_are_absent",
        "host_users_are_absent",
        "huge_sparse_files_are_refused",
        "kernel_addresses_are_no_place_for_answers",
        "kernel_addresses_are_refused",
        "locks_that_others_would_feel_are_unknown",
        "looks_past_the_root_find_nothing",
        "moving_pages_between_pipes_is_unknown",
        "odd_file_names_stay_inside",
        "other_contexts_are_behind_the_same_walls",
        "proc_sys_and_dev_are_absent",
        "reading_beyond_a_file_tells_nothing",
        "removing_everything_removes_only_scratch",
        "scratch_is_empty_for_everyone",
        "symlink_races_lead_nowhere",
        "the_page_cache_tells_nothing",
        "wasi_sees_only_the_sandbox",
        "watching_others_read_is_refused",
    }
)


def leans(program: Program, mode: Mode) -> bool:
    """Whether it leans on what this mode does not have."""
    on_namespaces = not mode.namespaces and program.name in ON_NAMESPACES
    return on_namespaces or (not mode.rooted and program.name in ON_A_ROOT)
