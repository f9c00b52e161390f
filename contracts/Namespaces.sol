// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {OrganisationLog} from "./OrganisationLog.sol";
import {Organisation, RegistryState} from "./RegistryState.sol";

/// @title Who owns which repository prefixes
/// @notice The longest prefix wins. Along any path at most one organisation owns namespaces, which it may nest; the empty one
/// stands outside of this: it is what nobody else owns, and bars nobody. A prefix ends where a path component ends:
/// "docker.io/acme" does not hold "docker.io/acmeevil".
library Namespaces {
    using OrganisationLog for Organisation;

    uint256 internal constant MAX_NAMESPACES = 64;
    uint256 internal constant MAX_REPOSITORY = 255;
    bytes32 private constant EMPTY = keccak256("");

    /// The owner of the longest namespace that holds the path, and that namespace's length.
    function ownerOf(RegistryState storage state, bytes calldata path)
        internal
        view
        returns (bytes32 owner, uint256 length)
    {
        for (uint256 end = path.length; end > 0; --end) {
            if (!_isBoundary(path, end)) continue;
            owner = state.owners[keccak256(path[:end])];
            if (owner != 0) return (owner, end);
        }
        return (state.owners[EMPTY], 0);
    }

    /// Whether a namespace would be taken from another organisation, which owns the empty one.
    function isCarved(RegistryState storage state, bytes32 owner, bytes calldata path) internal view returns (bool) {
        (bytes32 holder, uint256 length) = ownerOf(state, path);
        return length == 0 && holder != 0 && holder != owner;
    }

    /// Reverts where the organisation cannot be given the namespace.
    function check(RegistryState storage state, bytes32 owner, string calldata namespace) internal view {
        bytes calldata path = bytes(namespace);
        if (!isNamespace(path)) revert IDaoChainRegistry.NamespaceInvalid(namespace);
        string[] storage own = state.namespaces[owner];
        if (own.length >= MAX_NAMESPACES) revert IDaoChainRegistry.TooMany("namespaces", MAX_NAMESPACES);
        bytes32 hash = keccak256(path);
        bytes32 holder = state.owners[hash];
        if (holder != 0) revert IDaoChainRegistry.NamespaceTaken(namespace, holder);
        if (path.length == 0) return;

        uint256 beneath = state.beneath[hash];
        if (beneath != 0) {
            uint256 ownBeneath = 0;
            for (uint256 i = 0; i < own.length; ++i) {
                bytes memory other = bytes(own[i]);
                if (other.length > path.length && holds(path.length, hash, other)) ++ownBeneath;
            }
            // Somebody else's lie beneath it; there may be several owners, so none is named.
            if (beneath != ownBeneath) revert IDaoChainRegistry.NamespaceTaken(namespace, 0);
        }
        for (uint256 end = 1; end < path.length; ++end) {
            if (!_isBoundary(path, end)) continue;
            bytes32 above = state.owners[keccak256(path[:end])];
            if (above != 0 && above != owner) revert IDaoChainRegistry.NamespaceTaken(namespace, above);
        }
    }

    function add(RegistryState storage state, bytes32 owner, string calldata namespace) internal {
        check(state, owner, namespace);
        bytes calldata path = bytes(namespace);
        for (uint256 end = 1; end < path.length; ++end) {
            if (_isBoundary(path, end)) ++state.beneath[keccak256(path[:end])];
        }
        state.owners[keccak256(path)] = owner;
        state.namespaces[owner].push(namespace);
        state.organisations[owner].append(
            OrganisationLog.topicsOf(IDaoChainRegistry.NamespaceAdded.selector, owner), abi.encode(namespace)
        );
    }

    function remove(RegistryState storage state, bytes32 owner, string calldata namespace) internal {
        bytes calldata path = bytes(namespace);
        bytes32 hash = keccak256(path);
        delete state.owners[hash];
        for (uint256 end = 1; end < path.length; ++end) {
            if (_isBoundary(path, end)) --state.beneath[keccak256(path[:end])];
        }
        string[] storage own = state.namespaces[owner];
        uint256 last = own.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (keccak256(bytes(own[i])) == hash) {
                own[i] = own[last];
                break;
            }
        }
        own.pop();
        state.organisations[owner].append(
            OrganisationLog.topicsOf(IDaoChainRegistry.NamespaceRemoved.selector, owner), abi.encode(namespace)
        );
    }

    /// Whether a path is the prefix of the length and hash given, or lies beneath it. The prefix is not empty.
    function holds(uint256 length, bytes32 hash, bytes memory path) internal pure returns (bool) {
        if (path.length < length) return false;
        if (path.length > length && path[length] != "/") return false;
        bytes32 actual;
        assembly ("memory-safe") {
            actual := keccak256(add(path, 32), length)
        }
        return actual == hash;
    }

    /// Components of a-z and 0-9, with '.', '_' and '-' inside them; the first may be a host with a port.
    function isNamespace(bytes calldata path) internal pure returns (bool) {
        if (path.length == 0) return true;
        if (path.length > MAX_REPOSITORY) return false;
        bytes1 previous = "/";
        bool inFirst = true;
        bool inPort = false;
        for (uint256 i = 0; i < path.length; ++i) {
            bytes1 char = path[i];
            if (char == "/") {
                if (!isAlphanumeric(previous)) return false;
                inFirst = false;
                inPort = false;
            } else if (char == ":") {
                if (!inFirst || inPort || !isAlphanumeric(previous)) return false;
                inPort = true;
            } else if (inPort) {
                if (char < "0" || char > "9") return false;
            } else if (char == "." || char == "_" || char == "-") {
                if (previous == "/") return false;
            } else if (!isAlphanumeric(char)) {
                return false;
            }
            previous = char;
        }
        return isAlphanumeric(previous);
    }

    function isAlphanumeric(bytes1 char) internal pure returns (bool) {
        return (char >= "a" && char <= "z") || (char >= "0" && char <= "9");
    }

    /// Whether a prefix of this length, which is not 0, ends with a path component.
    function _isBoundary(bytes calldata path, uint256 end) private pure returns (bool) {
        return end == path.length || path[end] == "/";
    }
}
