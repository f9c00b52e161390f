// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Organisation} from "./RegistryState.sol";

/// @title The hash over all acts of an organisation, in its first slot
/// @notice docs/specs/claim.md, "The log", says how to compute it anew from the events.
library OrganisationLog {
    /// The slot: `threshold` (bits 0-7), `suspended` (8-15), `acts` (16-63), `log` (64-255).
    function load(Organisation storage own) internal view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(own.slot)
        }
    }

    function store(Organisation storage own, uint256 word) internal {
        assembly ("memory-safe") {
            sstore(own.slot, word)
        }
    }

    /// @param fact keccak256 of the event's topics and data
    function advance(uint256 word, bytes32 fact) internal view returns (uint256) {
        uint256 hash = uint256(keccak256(abi.encode(word >> 16, block.timestamp, fact)));
        // Checked: a number of acts that does not fit is refused before it reaches the hash.
        return (hash & ~uint256(type(uint64).max)) | (uint64(word) + (1 << 16));
    }

    /// Emits an event and puts it into the log: what is hashed is what was emitted.
    /// @param topics 2 to 4 of them, the event's signature first
    function append(Organisation storage own, bytes32[] memory topics, bytes memory data) internal {
        assembly ("memory-safe") {
            let start := add(data, 32)
            let size := mload(data)
            switch mload(topics)
            case 2 { log2(start, size, mload(add(topics, 32)), mload(add(topics, 64))) }
            case 3 { log3(start, size, mload(add(topics, 32)), mload(add(topics, 64)), mload(add(topics, 96))) }
            default {
                log4(
                    start,
                    size,
                    mload(add(topics, 32)),
                    mload(add(topics, 64)),
                    mload(add(topics, 96)),
                    mload(add(topics, 128))
                )
            }
        }
        store(own, advance(load(own), keccak256(abi.encodePacked(topics, data))));
    }

    /// The topics of an event of three indexed parameters.
    function topicsOf(bytes32 selector, bytes32 first, bytes32 second, address third)
        internal
        pure
        returns (bytes32[] memory topics)
    {
        topics = new bytes32[](4);
        topics[0] = selector;
        topics[1] = first;
        topics[2] = second;
        topics[3] = asTopic(third);
    }

    /// The topics of an event of two indexed parameters.
    function topicsOf(bytes32 selector, bytes32 first, address second)
        internal
        pure
        returns (bytes32[] memory topics)
    {
        topics = new bytes32[](3);
        topics[0] = selector;
        topics[1] = first;
        topics[2] = asTopic(second);
    }

    function topicsOf(bytes32 selector, bytes32 first) internal pure returns (bytes32[] memory topics) {
        topics = new bytes32[](2);
        topics[0] = selector;
        topics[1] = first;
    }

    function asTopic(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
