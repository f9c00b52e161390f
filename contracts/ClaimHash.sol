// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";

/// @title The only place that builds a typed hash
/// @notice docs/specs/claim.md fixes the encoding; test/vectors/claims.json holds it still.
abstract contract ClaimHash is EIP712, IDaoChainRegistry {
    bytes32 private constant SUBJECT_TYPE_HASH = keccak256("Subject(bytes32 digest,uint8 kind,string platform)");
    bytes32 private constant CLAIM_TYPE_HASH = keccak256(
        "ImageClaim(bytes32 organisation,string repository,string tag,Subject[] subjects,uint64 issuedAt,uint64 expiresAt,bytes32 annotations)Subject(bytes32 digest,uint8 kind,string platform)"
    );

    constructor() EIP712("DaoChain", "1") {}

    /// @inheritdoc IDaoChainRegistry
    function hashClaim(ImageClaim calldata claim) public view returns (bytes32 claimId) {
        Subject[] calldata subjects = claim.subjects;
        bytes32[] memory hashes = new bytes32[](subjects.length);
        for (uint256 i = 0; i < subjects.length; ++i) {
            Subject calldata subject = subjects[i];
            hashes[i] = keccak256(
                abi.encode(SUBJECT_TYPE_HASH, subject.digest, subject.kind, keccak256(bytes(subject.platform)))
            );
        }
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    CLAIM_TYPE_HASH,
                    claim.organisation,
                    keccak256(bytes(claim.repository)),
                    keccak256(bytes(claim.tag)),
                    keccak256(abi.encodePacked(hashes)),
                    claim.issuedAt,
                    claim.expiresAt,
                    claim.annotations
                )
            )
        );
    }
}
