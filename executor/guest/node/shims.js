"use strict";

// Inside the sandbox there is no /proc and no netlink: some of Node's own functions would fail there or tell
// about the host. They answer for the worker instead.

const os = require("node:os");
const { syncBuiltinESMExports } = require("node:module");
const v8 = require("node:v8");
const workerThreads = require("node:worker_threads");

/** @returns {number} */
function peakMemory() {
  return process.resourceUsage().maxRSS * 1024;
}

/** What is left of process.memoryUsage() when the resident size cannot be read: its peak stands in. */
function heapUsage() {
  const heap = v8.getHeapStatistics();
  return {
    rss: peakMemory(),
    heapTotal: heap.total_heap_size,
    heapUsed: heap.used_heap_size,
    external: heap.external_memory,
    arrayBuffers: 0,
  };
}

/**
 * @template T
 * @param {() => T} genuine
 * @param {() => T} substitute
 * @returns {() => T}
 */
function orElse(genuine, substitute) {
  return () => {
    try {
      return genuine();
    } catch {
      return substitute();
    }
  };
}

function oneCpu() {
  return [{ model: "webtask", speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } }];
}

/** A thread's usual room for compiled code, 512 MiB of address space, would exceed any worker's budget. */
class Thread extends workerThreads.Worker {
  /**
   * @param {string | URL} filename
   * @param {import('node:worker_threads').WorkerOptions} [options]
   */
  constructor(filename, options = {}) {
    super(filename, { ...options, resourceLimits: { codeRangeSizeMb: 8, ...options.resourceLimits } });
  }
}

/** @param {() => number} memory  the worker's budget in bytes; 0 while unknown */
function install(memory) {
  const memoryUsage = orElse(process.memoryUsage, heapUsage);
  const rss = orElse(process.memoryUsage.rss, peakMemory);
  process.memoryUsage = Object.assign(memoryUsage, { rss });
  const left = () => Math.max(0, memory() - rss());
  Object.assign(process, { constrainedMemory: memory, availableMemory: left });
  Object.assign(os, {
    availableParallelism: () => 1,
    cpus: oneCpu,
    freemem: left,
    hostname: () => "webtask",
    loadavg: () => [0, 0, 0],
    networkInterfaces: () => ({}),
    release: () => "",
    totalmem: memory,
    uptime: () => process.uptime(),
    version: () => "",
  });
  Object.assign(workerThreads, { Worker: Thread });
  syncBuiltinESMExports();
}

exports.install = install;
